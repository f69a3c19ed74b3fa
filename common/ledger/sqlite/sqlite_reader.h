// What the desk sees, from a read-only connection: it never writes nor checkpoints. Private to this folder.
//
// Operation: each call reads inside one transaction, so that its counts and rows are of one moment.
#pragma once

#include "common/ledger/ledger.h"
#include "common/ledger/sqlite/database.h"

namespace pleiade::ledger {

class SqliteReader final : public LedgerReader {
  public:
    SqliteReader(const std::string& folder, const Clock& clock);

    v1::Status status() override;
    Result<v1::DocumentsPage> documents(const v1::DocumentsQuery& query) override;
    Result<v1::DocumentView> document(const std::string& id) override;
    Result<v1::PliView> pli(const std::string& id) override;
    v1::Events events(std::int64_t after, int limit) override;
    v1::Rejections rejections(int limit) override;
    v1::Aside aside(int limit) override;

  private:
    void fill_queues(v1::Status& status);
    void fill_history(std::int64_t pli_n, std::int64_t document,
                      google::protobuf::RepeatedPtrField<v1::Event>& history);
    void fill_documents(std::int64_t pli_n, google::protobuf::RepeatedPtrField<v1::DocumentRow>& rows);

    const Clock& clock_;
    Database database_;
};

}  // namespace pleiade::ledger
