// What people put into the envelope with a form.
#pragma once

#include <string>
#include <vector>

namespace pleiade::mail {

struct UsualAttachment {
    std::string type;
    double probability = 0;
};

const std::vector<UsualAttachment>& usual_attachments(const std::string& master_type);
double registered_share(const std::string& master_type);  // how often it comes as a recommandé

}  // namespace pleiade::mail
