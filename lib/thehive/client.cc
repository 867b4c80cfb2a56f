#include "thehive/client.h"

#include <utility>

#include "base/text.h"

namespace socbridge::thehive {
namespace {

bool fine(const http::Outcome& outcome) {
  return outcome.answered() && outcome.response.status >= 200 && outcome.response.status < 300;
}

}  // namespace

Client::Client(http::Client& http, Endpoint endpoint) : http_(&http), endpoint_(std::move(endpoint)) {}

http::Request Client::request(std::string method, std::string_view path, const Deadline& deadline) const {
  http::Request r;
  r.method = std::move(method);
  r.url = http::join_url(endpoint_.url, path);
  r.bearer = endpoint_.key;
  r.timeout_ms = deadline.left_ms();
  r.headers.emplace_back("Accept", "application/json");
  if (!endpoint_.organisation.empty()) r.headers.emplace_back("X-Organisation", endpoint_.organisation);
  return r;
}

Delivery Client::create_alert(const std::string& body, ApiVersion version, const Deadline& deadline) {
  http::Request r = request("POST", create_path(version), deadline);
  r.body = body;
  r.content_type = "application/json";
  Delivery d = classify_create(http_->perform(r));
  d.message = redact(std::move(d.message), endpoint_.key);
  return d;
}

Result<Client::VersionInfo> Client::probe_version(const Deadline& deadline) {
  constexpr int kNotFound = 404;
  const http::Outcome public_status =
      http_->perform(request("GET", "/api/v1/status/public", deadline));
  VersionInfo info;
  if (fine(public_status)) {
    const auto document = json::Document::parse(public_status.response.body);
    if (document.ok() && document->root()["version"].is_string()) {
      info.version = printable(*document->root()["version"].string(), 40);
      return info;
    }
    return Status::error(ExitCode::refused, "the server's status is not TheHive's", "check the URL");
  }
  // Version 4 asks for a session even for routes it does not have.
  const int status = public_status.answered() ? public_status.response.status : 0;
  if (status != kNotFound && status != 401) {
    return failure_status("asking TheHive for its version", public_status);
  }
  const http::Outcome old_status = http_->perform(request("GET", "/api/status", deadline));
  if (!fine(old_status)) return failure_status("asking TheHive for its version", old_status);
  const auto document = json::Document::parse(old_status.response.body);
  const auto version =
      document.ok() ? document->root()["versions"]["TheHive"].string() : std::optional<std::string_view>();
  if (!version) {
    return Status::error(ExitCode::refused, "the server's status is not TheHive's", "check the URL");
  }
  info.version = printable(*version, 40);
  info.api = version->starts_with('5') ? ApiVersion::v5 : ApiVersion::v4;
  return info;
}

Result<json::Document> Client::find_alert(std::string_view type, std::string_view source,
                                          std::string_view source_ref, const Deadline& deadline) {
  const std::string key =
      std::string(type) + ";" + std::string(source) + ";" + std::string(source_ref);
  const http::Outcome outcome =
      http_->perform(request("GET", "/api/v1/alert/" + http::url_encode(key), deadline));
  constexpr int kNotFound = 404;
  if (outcome.answered() && outcome.response.status == kNotFound && outcome.response.is_json()) {
    return json::Document();
  }
  if (!fine(outcome)) return failure_status("looking for the alert", outcome);
  return json::Document::parse(outcome.response.body);
}

Status Client::remove_alert(std::string_view id, const Deadline& deadline) {
  http::Outcome outcome =
      http_->perform(request("DELETE", "/api/v1/alert/" + http::url_encode(id), deadline));
  constexpr int kNotFound = 404;
  if (outcome.answered() && outcome.response.status == kNotFound) {  // version 4 has it in v0 only
    outcome = http_->perform(request("DELETE", "/api/alert/" + http::url_encode(id), deadline));
  }
  return fine(outcome) ? Status() : failure_status("deleting the alert", outcome);
}

Result<json::Document> Client::query(std::string_view label, std::string_view operations_json,
                                     const Deadline& deadline) {
  http::Request r = request("POST", "/api/v1/query?name=" + http::url_encode(label), deadline);
  r.body = "{\"query\":" + std::string(operations_json) + "}";
  r.content_type = "application/json";
  const http::Outcome outcome = http_->perform(r);
  if (!fine(outcome)) return failure_status("asking TheHive", outcome);
  return json::Document::parse(outcome.response.body);
}

Result<json::Document> Client::get(std::string_view path, const Deadline& deadline) {
  const http::Outcome outcome = http_->perform(request("GET", path, deadline));
  if (!fine(outcome)) return failure_status("asking TheHive", outcome);
  auto document = json::Document::parse(outcome.response.body);
  if (document.ok()) return document;
  return Status::error(ExitCode::unreachable, "the answer is not JSON but " +
                                                  printable(outcome.response.content_type, 60),
                       "check that the URL is TheHive's and not a proxy's");
}

}  // namespace socbridge::thehive
