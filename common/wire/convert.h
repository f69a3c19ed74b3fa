// Domain values <-> protobuf. Unknown words of an enumeration are read as the safest value: medical, keying, unchecked.
#pragma once

#include <vector>

#include "common/domain/pli.h"
#include "common/domain/reading.h"
#include "common/wire/messages.h"

namespace pleiade::wire {

v1::PliContext to_proto(const PliContext&);
PliContext from_proto(const v1::PliContext&);
v1::StoredFile to_proto(const StoredFile&);
StoredFile from_proto(const v1::StoredFile&);
v1::PageRef to_proto(const PageRef&);
PageRef from_proto(const v1::PageRef&);
v1::Reading to_proto(const Reading&);
Reading from_proto(const v1::Reading&);
v1::DocumentReading to_proto(const DocumentReading&);
DocumentReading from_proto(const v1::DocumentReading&);
v1::Decision to_proto(const Decision&);
Decision from_proto(const v1::Decision&);
v1::Decisions to_proto(const std::vector<Decision>&);
std::vector<Decision> from_proto(const v1::Decisions&);

template <class Repeated>
auto list_from(const Repeated& items) {
    std::vector<decltype(from_proto(items.Get(0)))> values;
    values.reserve(static_cast<std::size_t>(items.size()));
    for (const auto& item : items) values.push_back(from_proto(item));
    return values;
}

}  // namespace pleiade::wire
