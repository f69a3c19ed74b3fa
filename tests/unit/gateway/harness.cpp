#include "tests/unit/gateway/harness.h"

#include <stdexcept>

#include "common/runtime/secrets.h"

namespace pleiade::gateway {

Reference small_reference() {
    auto reference = Reference::parse(
        "code;label_fr;cerfa;s_ref;anchors;service;copy_to;parts;priority;role;secrecy;required;typical_pages;daily_"
        "share_pct\n"
        "AAT;Avis d'arrêt de "
        "travail;10170;S3116;;IJ;ELSM;1:ELSM:medical|2:IJ:normal|3:HORS:normal;P1;master;medical;nir;1;13\n"
        "RIB;Relevé d'identité bancaire;;;;GDB;;;P3;master_or_attachment;normal;iban;1;1\n",
        "code;label_fr;medical\nIJ;Indemnités journalières;no\nGDB;Gestion des bénéficiaires;no\nELSM;Service "
        "médical;yes\n",
        "regime;caisse;label_fr;departement;status;successor\n01;595;CPAM de Lille-Douai;59;open;\n");
    if (!reference) throw std::runtime_error(reference.error().message);
    return std::move(*reference);
}

Result<EncodedPage> FakeImages::encode(const PageImageRequest& request) {
    if (error) return tl::unexpected<Error>(*error);
    last = request;
    return EncodedPage{"image of " + std::to_string(request.index),
                       request.format == ImageFormat::Jpeg ? "image/jpeg" : "image/png"};
}

Result<std::string> FakeBinder::bind(const PliId&, const std::vector<BoundPage>& pages, const std::string& title) {
    if (error) return tl::unexpected<Error>(*error);
    last = pages;
    return "%PDF " + title + std::string(padding_bytes, ' ');
}

Harness::Harness(GatewayOptions options) : reference(small_reference()) {
    auto started = Gateway::start(options, desk, images, binder, reference);
    if (!started) throw std::runtime_error(started.error().message);
    gateway = std::move(*started);
}

Harness::~Harness() = default;

std::string named_in(const std::string& body, const std::string& otherwise) {
    boost::json::error_code error;
    const auto json = boost::json::parse(body, error);
    if (error || !json.is_object()) return otherwise;
    const auto* by = json.as_object().if_contains("by");
    return by != nullptr && by->is_string() && !by->as_string().empty() ? std::string(by->as_string()) : otherwise;
}

Headers session_headers(const std::string& cookie) {
    return {{"Cookie", "pleiade=" + cookie}, {"X-CSRF-Token", runtime::keyed_digest_hex(cookie, "csrf")}};
}

Headers Harness::signed_in(const v1::Account& account) {
    return session_headers(desk.people.sign_in(account));
}

Headers Harness::credentials(const std::string&, const std::string& body) {
    const std::string name = named_in(body, "tester");
    const std::lock_guard lock(mutex_);
    auto& headers = people_[name];
    if (headers.empty()) headers = signed_in(fake::FakePeople::anybody(name));
    return headers;
}

std::string Harness::signed_in_lines() {
    std::string lines;
    for (const auto& [name, value] : credentials("", "")) lines += name + ": " + value + "\r\n";
    return lines;
}

}  // namespace pleiade::gateway
