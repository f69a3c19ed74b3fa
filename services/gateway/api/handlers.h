// Every handler of the API: a function from request to response. One family per file; routes.cpp maps them.
#pragma once

#include "services/gateway/api/context.h"

namespace pleiade::gateway {

// queues.cpp
Response get_status(const Context& context, const Request& request);
Response get_queues(const Context& context, const Request& request);
Response get_queue_documents(const Context& context, const Request& request);
Response post_take(const Context& context, const Request& request);
// figures.cpp
Response get_figures(const Context& context, const Request& request);
// documents.cpp
Response get_documents(const Context& context, const Request& request);
Response get_document(const Context& context, const Request& request);
Response get_document_index(const Context& context, const Request& request);
// pages.cpp
Response get_document_pdf(const Context& context, const Request& request);
Response get_page(const Context& context, const Request& request);
Response get_page_png(const Context& context, const Request& request);
Response get_page_jpg(const Context& context, const Request& request);
// actions.cpp
Response post_acknowledge(const Context& context, const Request& request);
Response post_return(const Context& context, const Request& request);
Response post_release(const Context& context, const Request& request);
// keying.cpp
Response get_keying_stock(const Context& context, const Request& request);
Response post_next(const Context& context, const Request& request);
Response post_open_keying(const Context& context, const Request& request);
Response put_lease(const Context& context, const Request& request);
Response put_draft(const Context& context, const Request& request);
Response post_release_keying(const Context& context, const Request& request);
Response post_hold_keying(const Context& context, const Request& request);
Response post_send_keying(const Context& context, const Request& request);
Response post_undo_keying(const Context& context, const Request& request);
// validate.cpp
Response post_validate(const Context& context, const Request& request);
Response post_check_fields(const Context& context, const Request& request);
// recalls.cpp
Response post_recall(const Context& context, const Request& request);
Response post_answer_recall(const Context& context, const Request& request);
Response get_recalls(const Context& context, const Request& request);
// recovery.cpp
Response post_recover(const Context& context, const Request& request);
Response get_aside(const Context& context, const Request& request);
Response get_lots(const Context& context, const Request& request);
// search.cpp
Response post_search(const Context& context, const Request& request);
Response get_story(const Context& context, const Request& request);
// images.cpp
Response get_image(const Context& context, const Request& request);
Response post_ocr(const Context& context, const Request& request);
// plis.cpp
Response get_pli(const Context& context, const Request& request);
Response get_rejections(const Context& context, const Request& request);
Response get_workers(const Context& context, const Request& request);
// live.cpp
Response get_events(const Context& context, const Request& request);
// meta.cpp
Response get_reference(const Context& context, const Request& request);
Response get_openapi(const Context& context, const Request& request);
Response get_healthz(const Context& context, const Request& request);
Response get_readyz(const Context& context, const Request& request);
Response get_metrics(const Context& context, const Request& request);
// session.cpp
Response get_session(const Context& context, const Request& request);
Response post_session(const Context& context, const Request& request);
Response post_renew_session(const Context& context, const Request& request);
Response post_confirm_session(const Context& context, const Request& request);
Response post_end_session(const Context& context, const Request& request);
Response put_password(const Context& context, const Request& request);
// sign_in.cpp
Response post_oidc_start(const Context& context, const Request& request);
Response get_oidc_callback(const Context& context, const Request& request);
// accounts.cpp
Response get_accounts(const Context& context, const Request& request);
Response post_account(const Context& context, const Request& request);
Response put_account(const Context& context, const Request& request);
Response post_account_state(const Context& context, const Request& request);
Response post_account_password(const Context& context, const Request& request);
// keys.cpp
Response get_keys(const Context& context, const Request& request);
Response post_key(const Context& context, const Request& request);
Response post_revoke_key(const Context& context, const Request& request);
// journal.cpp
Response get_journal(const Context& context, const Request& request);
// site.cpp
Response get_home(const Context& context, const Request& request);
Response get_asset(const Context& context, const Request& request);

}  // namespace pleiade::gateway
