// SPDX-License-Identifier: Apache-2.0
#include "grafana/editor.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "base/text.h"
#include "http/hide_key.h"
#include "json/answer.h"
#include "json/writer.h"

namespace socbridge::grafana {
namespace {

constexpr int kNotFound = 404;

constexpr std::size_t kMostWords = 300;

// Cut only between words: a part of an echoed secret would not be recognised.
std::string words_of(const http::Response& response) {
  const auto document = json::parse_answer(response.body);
  if (!document.ok()) return {};
  std::string text = document->root()["message"].text();
  if (text.size() > kMostWords) {
    const std::size_t cut = text.rfind(' ', kMostWords);
    text.resize(cut == std::string::npos ? 0 : cut);
  }
  return printable(text, kMostWords);
}

}  // namespace

http::Outcome Editor::ask(const char* method, std::string_view path, std::string body) {
  if (all_.passed()) {
    constexpr std::int64_t kSecond = 1000;
    http::Outcome outcome;
    outcome.failure = http::FailureKind::connect;
    outcome.error = "it is too slow: all requests together took longer than " +
                    std::to_string(kRequests * timeout_ms_ / kSecond) +
                    " s, which is ten times --timeout";
    return outcome;
  }
  return service_.send(method, path, std::move(body),
                       Deadline::after_ms(std::min(timeout_ms_, all_.left_ms())));
}

Status Editor::explain(const http::Outcome& outcome) const {
  Status status = service_.explain(outcome);
  if (status.ok() || !outcome.answered()) return status;
  const int code = outcome.response.status;
  if (status.code() == ExitCode::auth && code == 401) {
    return Status::error(ExitCode::auth, status.message(),
                         "give a token of a service account that is enabled and not expired "
                         "(Administration, Service accounts)");
  }
  if (status.code() == ExitCode::auth) {
    return Status::error(ExitCode::auth, status.message(),
                         "give its service account that permission: Editor has those of folders "
                         "and dashboards, Admin those of data sources");
  }
  const bool is_own = code == 400 || code == 409 || code == 412 || code == 422;
  const std::string words = is_own ? words_of(outcome.response) : std::string();
  if (words.empty()) return status;
  return Status::error(ExitCode::refused, "Grafana: " + words,
                       code == 412 ? "it was changed meanwhile; try again" : "");
}

Result<json::Document> Editor::read(const http::Outcome& outcome) const {
  if (Status bad = explain(outcome); !bad.ok()) return bad;
  return service_.read(outcome);
}

Result<Found> Editor::find(std::string_view path) {
  const http::Outcome outcome = ask("GET", path);
  if (outcome.answered() && outcome.response.status == kNotFound) {
    // A web page instead of Grafana's JSON is not its answer.
    if (const auto said = json::parse_answer(outcome.response.body);
        said.ok() && said->root()["message"].is_string()) {
      return Found();
    }
  }
  auto document = read(outcome);
  if (!document.ok()) return document.status();
  return Found(std::move(*document));
}

Status Editor::check_token() { return read(ask("GET", "/api/search?limit=1")).status(); }

Result<bool> Editor::has_plugin(std::string_view id) {
  const auto found = find("/api/plugins/" + http::url_encode(id) + "/settings");
  if (!found.ok()) return found.status();
  return found->has_value();
}

Result<Found> Editor::folder(std::string_view uid) {
  return find("/api/folders/" + http::url_encode(uid));
}

Status Editor::create_folder(std::string_view uid, std::string_view title) {
  json::Writer w;
  w.begin_object();
  w.member("uid", uid);
  w.member("title", title);
  w.end_object();
  return explain(ask("POST", "/api/folders", std::move(w).take()));
}

Status Editor::rename_folder(std::string_view uid, std::string_view title, std::int64_t version) {
  json::Writer w;
  w.begin_object();
  w.member("title", title);
  w.member("version", version);
  w.end_object();
  return explain(ask("PUT", "/api/folders/" + http::url_encode(uid), std::move(w).take()));
}

Result<Found> Editor::data_source(std::string_view uid) {
  return find("/api/datasources/uid/" + http::url_encode(uid));
}

Result<Found> Editor::data_source_named(std::string_view name) {
  return find("/api/datasources/name/" + http::url_encode(name));
}

Status Editor::explain_without(http::Outcome outcome, const std::vector<Secret>& sent) const {
  for (const Secret& secret : sent) http::hide_key(outcome, secret);
  return explain(outcome);
}

Status Editor::create_data_source(std::string body, const std::vector<Secret>& sent) {
  return explain_without(ask("POST", "/api/datasources", std::move(body)), sent);
}

Status Editor::update_data_source(std::string_view uid, std::string body,
                                  const std::vector<Secret>& sent) {
  return explain_without(
      ask("PUT", "/api/datasources/uid/" + http::url_encode(uid), std::move(body)), sent);
}

Result<Found> Editor::dashboard(std::string_view uid) {
  return find("/api/dashboards/uid/" + http::url_encode(uid));
}

Result<std::optional<Save>> Editor::last_save(std::string_view uid) {
  const http::Outcome outcome =
      ask("GET", "/api/dashboards/uid/" + http::url_encode(uid) + "/versions?limit=1");
  if (outcome.answered() &&
      (outcome.response.status == 403 || outcome.response.status == kNotFound)) {
    return std::optional<Save>();
  }
  const auto answer = read(outcome);
  if (!answer.ok()) return answer.status();
  // A list; since Grafana 11 an object with the list.
  const json::Value root = answer->root();
  const json::Value newest = (root.is_array() ? root : root["versions"]).at(0);
  if (!newest.is_object()) return std::optional<Save>();
  return std::optional<Save>(Save{newest["version"].integer().value_or(0),
                                  printable(newest["createdBy"].text(), 60),
                                  newest["message"].text()});
}

Status Editor::save_dashboard(std::string body) {
  return explain(ask("POST", "/api/dashboards/db", std::move(body)));
}

Result<json::Document> Editor::from_catalogue(std::int64_t number, std::int64_t revision) {
  std::string path = "/api/gnet/dashboards/" + std::to_string(number);
  if (revision > 0) path += "/revisions/" + std::to_string(revision) + "/download";
  auto answer = read(ask("GET", path));
  const std::string what = "dashboard " + std::to_string(number) + " of grafana.com";
  if (!answer.ok()) {
    if (answer.status().code() == ExitCode::auth) return answer.status();
    return Status::error(answer.status().code(), what + ": " + answer.status().message(),
                         "Grafana itself must reach grafana.com; else download it as DIR/" +
                             std::to_string(number) + ".json and give --catalogue DIR");
  }
  if (revision > 0) return answer;
  if (!answer->root()["json"].is_object()) {
    return Status::error(ExitCode::refused, what + ": the answer has no dashboard");
  }
  return json::Document::parse(answer->root()["json"].dump());
}

}  // namespace socbridge::grafana
