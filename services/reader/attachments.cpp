#include "services/reader/attachments.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/base/csv.h"

namespace pleiade::reader {

Result<AttachmentTable> AttachmentTable::parse(std::string_view csv, const std::string& file_name,
                                               const Nomenclature& nomenclature) {
    const auto table = CsvTable::parse(file_name, csv, {"master", "attachments"});
    if (!table) return pass_on(table);
    AttachmentTable attachments;
    for (const auto& row : (*table)->rows()) {
        if (nomenclature.find(row["master"]) == nullptr) {
            return (*table)->error_at(row.at("master"),
                                      fmt::format("the nomenclature has no type «{}»", row["master"]));
        }
        auto& wanted = attachments.wanted_[row["master"]];
        if (!wanted.empty()) {
            return (*table)->error_at(row.at("master"), fmt::format("«{}» has two rows", row["master"]));
        }
        for (const auto& code : row.list("attachments")) {
            const auto* type = nomenclature.find(code);
            if (type == nullptr || type->role == TypeRole::Master) {
                return (*table)->error_at(row.at("attachments"),
                                          fmt::format("«{}» is no type that can be an attachment", code));
            }
            wanted.insert(code);
        }
    }
    return attachments;
}

bool AttachmentTable::calls_for(const std::string& master, const std::string& attachment) const {
    const auto wanted = wanted_.find(master);
    return wanted != wanted_.end() && wanted->second.contains(attachment);
}

void assign_roles(std::vector<DocumentReading>& documents, const AttachmentTable& table,
                  const Nomenclature& nomenclature) {
    const auto role_of = [&](const DocumentReading& document) {
        const auto* type = nomenclature.find(document.type);
        return type == nullptr ? TypeRole::Master : type->role;  // what is unknown stands for itself
    };
    // Types that are always masters come first; without any, those that may be; without these, the attachments.
    const auto has = [&](TypeRole role) {
        return std::any_of(documents.begin(), documents.end(),
                           [&](const DocumentReading& document) { return role_of(document) == role; });
    };
    const bool masters = has(TypeRole::Master);
    const bool either = has(TypeRole::MasterOrAttachment);
    const auto is_master = [&](const DocumentReading& document) {
        switch (role_of(document)) {
            case TypeRole::Master:
                return true;
            case TypeRole::MasterOrAttachment:
                return !masters;
            case TypeRole::Attachment:
                return !masters && !either;
        }
        return true;
    };
    for (std::size_t i = 0; i < documents.size(); ++i) {
        auto& document = documents[i];
        document.attached_to.reset();
        document.role = Role::Master;
        if (is_master(document)) continue;
        document.role = Role::Attachment;
        for (std::size_t before = i; before-- > 0;) {
            if (is_master(documents[before]) && table.calls_for(documents[before].type, document.type)) {
                document.attached_to = documents[before].id;
                break;
            }
        }
        if (document.attached_to) continue;
        const auto first = std::find_if(documents.begin(), documents.end(), is_master);
        document.attached_to = first->id;
    }
}

}  // namespace pleiade::reader
