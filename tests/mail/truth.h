// What a perfect reader and a perfect router would say of a pli, in the JSON of `pleiade read --json`. The routing here
// is written apart from services/router, from the contract and the tables alone: it is what the router is judged by.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/domain/nomenclature.h"
#include "tests/mail/ink.h"

namespace pleiade::mail {

struct TruthField {
    DrawnField drawn;
    int page = 0;
};

struct TruthDocument {
    int id = 0;
    std::string type, template_id;
    std::string wording = {};  // PageDraft's
    bool attachment = false;
    int attached_to = 0;
    std::vector<int> pages;
    std::map<int, int> volets;  // page -> volet
    std::vector<TruthField> fields = {};
    std::map<std::string, std::string> ticks = {};  // question -> answer
};

struct TruthPage {
    int page = 0;
    PageKind kind = PageKind::Document;
    int rotation = 0;
};

struct TruthPli {
    std::string lot, pli, file;
    Caisse addressed;
    Date received_on;
    Caisse insured_by;  // where the register of beneficiaries has the people of this pli; empty without a register
    bool registered = false;
    std::vector<TruthPage> pages;
    std::vector<TruthDocument> documents;
};

class TruthTables {
  public:
    // Throws std::runtime_error with the table's error.
    explicit TruthTables(const std::string& config_folder);

    struct Organisme {
        std::string caisse, label;
    };
    const Nomenclature& nomenclature() const { return *nomenclature_; }
    const std::vector<Organisme>& open_caisses() const { return open_; }  // of the régime général
    std::string label_of(const std::string& caisse) const;

    struct Destination {
        Caisse processed_by;
        std::string service;
    };
    Destination destination(const DocumentType& type, const Caisse& affiliation, const Date& received_on) const;
    boost::json::object json(const TruthPli& pli) const;

  private:
    struct Rule {
        std::vector<std::string> patterns;
        std::string affiliation, processed_by, service, from, to;
    };
    struct TickRule {
        std::vector<std::string> patterns, answers;
        std::string question, effect, value;
    };
    // Values of that effect that the boxes ticked on a document of that type have.
    std::vector<std::string> ticked(const TruthDocument& document, const std::string& effect) const;
    boost::json::object document_json(const TruthPli& pli, const TruthDocument& document) const;

    std::optional<Nomenclature> nomenclature_;
    std::map<std::string, std::string> successor_, label_;
    std::vector<Organisme> open_;
    std::vector<Rule> rules_;
    std::vector<TickRule> tick_rules_;
};

// "i." and "p." resolved: the beneficiary's name when one is named, else the insured's.
std::map<std::string, std::vector<TruthField>> contract_fields(const std::vector<TruthField>& drawn);

}  // namespace pleiade::mail
