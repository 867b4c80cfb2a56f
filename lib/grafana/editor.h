// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/secret.h"
#include "base/status.h"
#include "http/service.h"
#include "json/value.h"

namespace socbridge::grafana {

// The object with a uid; empty if there is none.
using Found = std::optional<json::Document>;

// The newest entry of a dashboard's history.
struct Save {
  std::int64_t version = 0;
  std::string author;   // login, or empty
  std::string message;  // the message given when saving
};

// Reads and changes folders, data sources and dashboards of Grafana 9 and later
// (docs/protocols/grafana.md). One request per call, each with the timeout of the constructor, and
// none after the time for all of them. Errors are those of http::Service, except:
//   unreachable  also: the time for all requests is over
//   auth     401: the token; 403: the permission that Grafana names
//   refused  400, 409, 412, 422: Grafana's own message; 412: changed since it was read
class Editor {
 public:
  // `timeout_ms`: for each request; ten times as long for all together, so that a slow server or
  // large answers end in bounded time.
  Editor(http::Service service, std::int64_t timeout_ms)
      : service_(std::move(service)),
        timeout_ms_(timeout_ms),
        all_(Deadline::after_ms(kRequests * timeout_ms)) {}

  // Whether the token is valid: GET /api/search, which every role may send.
  Status check_token();
  // Includes plug-ins that Grafana ships.
  Result<bool> has_plugin(std::string_view id);

  Result<Found> folder(std::string_view uid);
  Status create_folder(std::string_view uid, std::string_view title);
  Status rename_folder(std::string_view uid, std::string_view title, std::int64_t version);

  Result<Found> data_source(std::string_view uid);
  Result<Found> data_source_named(std::string_view name);
  // `body`: a JSON object as in Grafana's documentation, with `secureJsonData`.
  // `sent`: the secrets in the body, which are redacted in what Grafana repeats of it.
  Status create_data_source(std::string body, const std::vector<Secret>& sent = {});
  Status update_data_source(std::string_view uid, std::string body,
                            const std::vector<Secret>& sent = {});

  Result<Found> dashboard(std::string_view uid);  // {"dashboard": …, "meta": …}
  // Empty: the token may not read the history, or there is none.
  Result<std::optional<Save>> last_save(std::string_view uid);
  // `body`: {"dashboard", "folderUid", "message", "overwrite"}.
  Status save_dashboard(std::string body);

  // A dashboard of grafana.com, fetched by Grafana itself. `revision` 0: the latest.
  Result<json::Document> from_catalogue(std::int64_t number, std::int64_t revision);

 private:
  http::Outcome ask(const char* method, std::string_view path, std::string body = {});
  Status explain(const http::Outcome& outcome) const;
  Status explain_without(http::Outcome outcome, const std::vector<Secret>& sent) const;
  Result<json::Document> read(const http::Outcome& outcome) const;
  Result<Found> find(std::string_view path);

  static constexpr std::int64_t kRequests = 10;
  http::Service service_;
  std::int64_t timeout_ms_;
  Deadline all_;
};

}  // namespace socbridge::grafana
