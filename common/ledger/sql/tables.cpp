#include "common/ledger/sql/tables.h"

#include <algorithm>

namespace pleiade::ledger {

const std::vector<Table>& tables() {
    static const std::vector<Table> kTables = {
        {"lot",
         "n,lot,opened,content_sha256,manifest,caisse,loose_file,announced_pages,announced,received,registered,"
         "rejected,opened_at_ms",
         "n", false, true},
        {"pli",
         "n,id,lot_n,pli,state,caisse,registered_mail,files_key,context,manifest,pages,registered_at_ms,received_on,"
         "registered_number",
         "n", false, true},
        {"file", "pli_n,file,sha256,size_bytes,name", "pli_n,file"},
        {"page", "pli_n,page,file,idx,known,kind,document", "pli_n,page"},
        {"reading", "pli_n,reading,decisions,revision,author,at_ms", "pli_n"},
        {"reading_past", "pli_n,revision,reading,decisions,author,at_ms", "pli_n,revision"},
        {"task",
         "n,pli_n,stage,state,rank,caisse,fence,attempts,crashes,crash_workers,backoff_ms,next_at,worker,incarnation,"
         "request_id,result_sha256",
         "n", false, true},
        {"document",
         "n,pli_n,number,state,master,role,type,confidence,pages,decision,secrecy,caisse,service,priority,due,"
         "legal_due,due_ms,revision,fence,code,note,state_at_ms,cost,lease,back_state,back_code,sent_to,skill,"
         "sent_note",
         "n", false, true},
        {"delivery",
         "n,id,document_n,kind,caisse,service,priority,due,due_ms,state,fence,taken_by,lease_ms,queued_at_ms,"
         "ended_at_ms,revision",
         "n", false, true},
        {"rejection", "n,lot_n,pli,file,code,message,sha256,counted,at_ms", "n", false, true},
        {"quarantine", "n,pli_n,stage,code,message,attempts,at_ms", "n", false, true},
        {"keying", "n,pli_n,document_n,keyer,medical,state,started_at_ms,ended_at_ms", "n", false, true},
        {"draft", "pli_n,keyer,path,value,at_ms", "pli_n,keyer,path"},
        {"act", "seq,pli_n,reason", "seq"},
        {"recall", "n,delivery_n,actor,reason,state,at_ms,answered_by,answered_at_ms,answer", "n", false, true},
        {"endorser", "endorser,pli_n", "endorser,pli_n"},
        {"nir", "digest,pli_n", "digest,pli_n"},
        {"account",
         "name,display_name,roles,skills,services,caisses,medical,state,subject,password,must_change,created_at_ms,"
         "changed_at_ms,last_login_at_ms,failures,locked_until_ms",
         "name"},
        {"session", "id_hash,account,method,opened_at_ms,seen_at_ms,authenticated_at_ms", "id_hash"},
        {"api_key", "name,key_hash,caisse,service,created_by,created_at_ms,revoked_at_ms", "name"},
        {"inbox", "key,type,request_sha256,reply,at_ms", "key"},
        {"audit", "seq,at_ms,kind,pli_n,document,actor,from_state,to_state,code,ref,detail,prev,hash", "seq"},
        {"setting", "name,value", "name"},
        {"epoch", "one,epoch", "one", true},
        {"totals",
         "one,announced,received,registered,rejected,missing,pli_registered,pli_reading,pli_read,pli_held,"
         "pli_quarantined,created,doc_read,doc_to_key,doc_keying,doc_queued,doc_taken,doc_delivered,doc_closed,"
         "doc_returned,doc_held,doc_rescan,doc_quarantined,doc_rejected,doc_superseded,doc_purged,pages_scanned,"
         "pages_in_flight,pages_in_documents,pages_blank,pages_separator,pages_envelope,tasks_read,tasks_route",
         "one", true},
        {"audit_head", "one,seq,hash", "one", true},
    };
    return kTables;
}

int column_count(const Table& table) {
    const std::string_view columns = table.columns;
    return 1 + static_cast<int>(std::count(columns.begin(), columns.end(), ','));
}

}  // namespace pleiade::ledger
