// The bus's message classes, generated from proto/pleiade/v1. This folder is the only one that includes *.pb.h;
// services include this header, hand over and receive these classes, and keep domain values everywhere else
// (common/wire/convert.h translates).
#pragma once

#include "pleiade/v1/accounts.pb.h"
#include "pleiade/v1/desk.pb.h"
#include "pleiade/v1/envelope.pb.h"
#include "pleiade/v1/figures.pb.h"
#include "pleiade/v1/keying.pb.h"
#include "pleiade/v1/reading.pb.h"
#include "pleiade/v1/recovery.pb.h"
#include "pleiade/v1/work.pb.h"
