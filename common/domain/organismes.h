// The caisses, open and closed. Mail still comes for a caisse that has closed: its successor takes it over, however
// many mergers lie between. Immutable once parsed.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/result.h"
#include "common/domain/reading.h"

namespace pleiade {

struct Organisme {
    std::string regime;  // "01": régime général
    Caisse caisse;
    std::string label_fr;
    std::string departement;  // of an open caisse: decides its public holidays
    bool closed = false;
    Caisse successor;  // of a closed caisse; may be closed too
};

// An open caisse, and the closed ones that led to it, in order.
struct Succession {
    const Organisme* organisme = nullptr;
    std::vector<Caisse> closed;
};

class Organismes {
  public:
    // Refuses successors that do not exist or that lead round in a circle.
    static Result<Organismes> parse(std::string_view csv, const std::string& file_name);

    const std::vector<Organisme>& all() const { return all_; }
    const Organisme* find(std::string_view caisse) const;  // open or closed; nullptr when unknown
    // Empty when the caisse is unknown.
    std::optional<Succession> resolve(std::string_view caisse) const;
    std::vector<std::string> codes() const;

  private:
    std::vector<Organisme> all_;
    std::map<std::string, std::size_t, std::less<>> by_caisse_;
};

}  // namespace pleiade
