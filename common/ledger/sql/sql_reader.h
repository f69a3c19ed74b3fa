// What the desk sees, from a connection that cannot write. Private to common/ledger.
//
// Operation: each call reads inside one transaction, so that its counts and rows are of one moment.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "common/ledger/figures.h"
#include "common/ledger/ledger.h"
#include "common/ledger/nir_digest.h"
#include "common/ledger/sql/database.h"

namespace pleiade::ledger {

class SqlReader final : public LedgerReader {
  public:
    // `folder` holds the key that a NIR is searched with. The store has this program's schema.
    SqlReader(std::unique_ptr<Database> store, const std::string& folder, const Clock& clock);

    v1::Status status() override;
    Result<v1::DocumentsPage> documents(const v1::DocumentsQuery& query) override;
    Result<v1::DocumentView> document(const std::string& id) override;
    Result<v1::PliView> pli(const std::string& id) override;
    v1::Events events(std::int64_t after, int limit, bool with_people) override;
    v1::Rejections rejections(int limit) override;
    // desk_lists.cpp
    Result<v1::Aside> aside(const v1::AsideQuery& query) override;
    v1::KeyingStock keying_stock(const v1::KeyingStockQuery& query) override;
    Result<v1::RecallsPage> recalls(const v1::RecallsQuery& query) override;
    Result<v1::LotsPage> lots(const v1::LotsQuery& query) override;
    // search.cpp
    Result<v1::FoundPlis> search(const v1::SearchQuery& query) override;
    Result<v1::Story> story(const v1::StoryQuery& query) override;
    // figures.cpp
    bool advance_figures() override;
    v1::Figures figures(const v1::FiguresQuery& query, const v1::Status& status) override;
    // accounts_reader.cpp
    Result<v1::AccountsPage> accounts(const v1::AccountsQuery& query) override;
    Result<v1::Credential> credential(const v1::CredentialQuery& query) override;
    Result<v1::SessionView> session(const v1::SessionQuery& query) override;
    Result<v1::ApiKeySaved> api_key(const v1::ApiKeyQuery& query) override;
    v1::ApiKeys api_keys() override;

  private:
    std::int64_t entry_at(std::int64_t at_ms);
    void fill_queues(v1::Status& status);
    void fill_history(std::int64_t pli_n, std::int64_t document,
                      google::protobuf::RepeatedPtrField<v1::Event>& history);
    void fill_documents(std::int64_t pli_n, google::protobuf::RepeatedPtrField<v1::DocumentRow>& rows);

    void fill_past_document(std::int64_t pli_n, int number, v1::DocumentView& view);
    void fill_found(std::int64_t pli_n, v1::FoundPli& found);
    std::optional<std::pair<std::int64_t, std::int64_t>> numbers_of_days(const std::string& from,
                                                                         const std::string& to);
    bool is_rare(const std::string& rows_of_state, const std::string& state, int most);

    FigureBook book_;
    bool book_started_ = false;
    const Clock& clock_;
    std::string folder_;
    std::unique_ptr<Database> store_;
    Database& database_;
    std::optional<NirDigest> nir_digest_;  // opened by the first search that needs it
};

}  // namespace pleiade::ledger
