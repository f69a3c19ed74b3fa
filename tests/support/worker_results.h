// What a reader and a router answer to a lease, where no page is read: one certain document of all the pages, an
// invented person's, that the router of this fund sends to a queue without asking anybody.
#pragma once

#include "common/wire/messages.h"

namespace pleiade::test {

v1::Done read_whole(const v1::Lease& lease);
v1::Done routed_at_once(const v1::Lease& lease);  // each document of its reading to the queue 595/IJ
v1::Done result_of(const v1::Lease& lease);       // the one or the other, by the stage

// An invented person's number with its right key, another for each `i`.
std::string invented_nir(int i);

}  // namespace pleiade::test
