// The message classes about stored files, apart from the others (messages.h): few ask, and few answer.
#pragma once

#include "pleiade/v1/files.pb.h"
