#include "services/reader/open_pli.h"

#include "common/wire/convert.h"

namespace pleiade::reader {
namespace {

template <class Files>
Result<OpenPli> opened(const vault::Vault& vault, const std::string& id, const Files& files, PliFiles pli,
                       const std::function<bool()>& alive) {
    std::vector<std::string> digests;
    for (const auto& file : files) digests.push_back(file.sha256());
    auto local = vault::local_files(vault, PliId(id), digests, alive);
    if (!local) return pass_on(local);
    for (const auto& file : *local) pli.paths.push_back(file.path());
    return OpenPli{std::move(pli), std::move(*local)};
}

}  // namespace

Result<OpenPli> open_pli(const vault::Vault& vault, const v1::Lease& lease, const std::function<bool()>& alive) {
    return opened(vault, lease.pli_id(), lease.files(),
                  {wire::from_proto(lease.context()), {}, wire::list_from(lease.pages())}, alive);
}

Result<OpenPli> open_pli(const vault::Vault& vault, const v1::PliView& view) {
    return opened(vault, view.id(), view.files(),
                  {wire::from_proto(view.context()), {}, wire::list_from(view.page_refs())}, [] { return true; });
}

}  // namespace pleiade::reader
