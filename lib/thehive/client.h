// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.h"
#include "base/status.h"
#include "base/time.h"
#include "http/client.h"
#include "json/value.h"
#include "thehive/alert.h"

namespace socbridge::thehive {

struct Endpoint {
  std::string url;  // base, may have a path prefix (play.http.context)
  Secret key;
  std::string organisation;  // X-Organisation, or empty
};

// What an answer to a create request means for the sender (docs/protocols/thehive.md, "Duplicates",
// "Errors", "Delivery outcomes").
enum class Verdict {
  created,
  duplicate,  // the alert exists: counts as created
  retry,      // try again later; see ambiguous
  auth,       // 401, 402, 403 from TheHive itself: key, licence or permission; do not retry at once
  refused,    // 400, 404 and others: the same request will always fail
  blocked,    // refused by a proxy or firewall before TheHive, which did not receive it
  too_large,  // 413
};
const char* verdict_name(Verdict verdict);

struct Delivery {
  Verdict verdict = Verdict::retry;
  int http_status = 0;   // 0: no answer
  std::string message;   // one printable line: server's type and message, or the failure
  std::string alert_id;  // `_id`, if created
  std::int64_t retry_after_ms = -1;  // from the server, -1 if none
  // The server may have acted although its own answer did not arrive: the connection broke, or a
  // proxy timed out (502, 504).
  bool ambiguous = false;
  // Refused because of the address (a redirect, no such route), not because of the content.
  bool wrong_place = false;
  // The answer is not TheHive's but from a proxy or firewall, perhaps about this content only.
  bool foreign = false;
  bool licence = false;  // auth: because of TheHive's licence, not the key
  // Created by the v1 API of version 4, which ignores observables.
  bool by_version4 = false;
  // What TheHive's refusal is about, lower case: the part of its message that does not repeat
  // values of the request, or the names of the refused attributes.
  std::string about;
};

// Classifies the HTTP outcome of a create request. Pure. Decides by status, by the type of
// TheHive's error and by TheHive's own sentences, never by text that may repeat the request. A 2xx
// that is not an answer of TheHive (HTML of a proxy, no `_id`/`id`) is `retry`, since the alert may
// not exist. `duplicate` is the server's claim: read the alert to confirm it. `sent`: the body of
// the request.
Delivery classify_create(const http::Outcome& outcome, std::string_view sent = {});

class Client {
 public:
  // `http` must outlive the client.
  Client(http::Client& http, Endpoint endpoint);

  Delivery create_alert(const std::string& body, ApiVersion version, const Deadline& deadline);

  struct VersionInfo {
    ApiVersion api = ApiVersion::v5;
    std::string version;  // "5.7.3-1"
    bool at_least(int major, int minor) const;
  };
  // GET /api/v1/status/public (200: version 5), on 404 GET /api/status (versions.TheHive). Errors
  // are unreachable, or refused if neither looks like TheHive.
  Result<VersionInfo> probe_version(const Deadline& deadline);

  // The alert with this key, as JSON document. If there is none, ok() is true and root() is
  // missing. Uses GET /api/v1/alert/{type;source;sourceRef}.
  Result<json::Document> find_alert(std::string_view type, std::string_view source,
                                    std::string_view source_ref, const Deadline& deadline);

  // DELETE /api/v1/alert/{id}: cannot be undone. Needs manageAlert/delete (version 4: manageAlert,
  // v0 path).
  Status remove_alert(std::string_view id, const Deadline& deadline);

  // POST /api/v1/query with the given operations (JSON array text); returns the parsed answer.
  // `exclude_json`: array of the fields to leave out (version 5), or empty.
  Result<json::Document> query(std::string_view label, std::string_view operations_json,
                               const Deadline& deadline, std::string_view exclude_json = {});

  // GET any path and parse JSON; used by checks. Status codes >= 400 become auth, refused or
  // unreachable.
  Result<json::Document> get(std::string_view path, const Deadline& deadline);

  // Any request, with a JSON body unless it is empty. Returns the outcome, with the key redacted.
  http::Outcome perform(std::string_view method, std::string_view path, std::string_view body,
                        const Deadline& deadline);
  // The same with a multipart body; files are read while they are sent.
  http::Outcome perform_form(std::string_view method, std::string_view path,
                             std::vector<http::FormPart> form, const Deadline& deadline);
  // The JSON of a 2xx answer, with a missing root if it has no body (204); else the Status of the
  // failure. `what` names the request in errors: "adding a comment to case 42".
  Result<json::Document> send(std::string_view what, std::string_view method, std::string_view path,
                              std::string_view body, const Deadline& deadline);

  // Like probe_version(), but sends the request only once per client.
  Result<VersionInfo> version(const Deadline& deadline);

  const Endpoint& endpoint() const { return endpoint_; }

 private:
  http::Request request(std::string method, std::string_view path, const Deadline& deadline) const;
  http::Client* http_;
  Endpoint endpoint_;
  std::optional<VersionInfo> version_;
};

// The JSON of a 2xx answer (missing root: it had no body), or the Status of everything else.
Result<json::Document> accepted(std::string_view what, const http::Outcome& outcome);

}  // namespace socbridge::thehive
