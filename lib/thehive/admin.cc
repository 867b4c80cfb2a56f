// SPDX-License-Identifier: Apache-2.0
#include "thehive/admin.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "thehive/answer.h"

namespace socbridge::thehive {
namespace {

constexpr int kNotFound = 404;

std::vector<std::string> sorted_texts(json::Value list) {
  std::vector<std::string> out = list.texts();
  std::sort(out.begin(), out.end());
  return out;
}

std::string path_of(std::string_view kind, std::string_view name, std::string_view rest = {}) {
  return "/api/v1/" + std::string(kind) + "/" + http::url_encode(name) + std::string(rest);
}

void write_permissions(json::Writer& w, const std::vector<std::string>& permissions) {
  w.key("permissions");
  w.begin_array();
  for (const std::string& one : permissions) w.value(one);
  w.end_array();
}

}  // namespace

Admin::Admin(http::Client& http, std::string url, std::string login, Secret key)
    : service_(http, {kErrors, std::move(url), std::move(login), std::move(key)}) {}

Result<std::optional<json::Document>> Admin::find(const std::string& path,
                                                  const Deadline& deadline) {
  const http::Outcome outcome = service_.send("GET", path, {}, deadline);
  if (outcome.answered() && outcome.response.status == kNotFound) {
    const ErrorBody error = read_error(outcome.response);
    if (error.is_own && !is_unknown_route(error)) return std::optional<json::Document>();
  }
  auto document = service_.read(outcome);
  if (!document.ok()) return document.status();
  return std::optional<json::Document>(std::move(*document));
}

Status Admin::send(std::string_view what, std::string method, const std::string& path,
                   std::string body, const Deadline& deadline) {
  const Status status =
      service_.explain(service_.send(std::move(method), path, std::move(body), deadline));
  if (status.ok()) return status;
  return Status::error(status.code(), std::string(what) + ": " + status.message(), status.hint());
}

Result<Admin::Who> Admin::whoami(const Deadline& deadline) {
  const auto document = service_.get("/api/v1/user/current", deadline);
  if (!document.ok()) return document.status();
  const json::Value root = document->root();
  return Who{root["login"].text(), root["organisation"].text(), sorted_texts(root["permissions"])};
}

Result<bool> Admin::has_organisation(std::string_view name, const Deadline& deadline) {
  const auto found = find(path_of("organisation", name), deadline);
  if (!found.ok()) return found.status();
  return found->has_value();
}

Status Admin::add_organisation(std::string_view name, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("name", name);
  w.member("description", name);
  w.end_object();
  return send("making the organisation", "POST", "/api/v1/organisation", std::move(w).take(),
              deadline);
}

Result<std::optional<Admin::Profile>> Admin::profile(std::string_view name,
                                                     const Deadline& deadline) {
  const auto found = find(path_of("profile", name), deadline);
  if (!found.ok()) return found.status();
  if (!found->has_value()) return std::optional<Profile>();
  return std::optional<Profile>(
      Profile{std::string(name), sorted_texts((*found)->root()["permissions"])});
}

Status Admin::add_profile(const Profile& profile, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("name", profile.name);
  write_permissions(w, profile.permissions);
  w.end_object();
  return send("making the profile", "POST", "/api/v1/profile", std::move(w).take(), deadline);
}

Status Admin::set_permissions(const Profile& profile, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  write_permissions(w, profile.permissions);
  w.end_object();
  return send("changing the profile", "PATCH", path_of("profile", profile.name),
              std::move(w).take(), deadline);
}

// Reads the user through the organisation, as TheHive's own pages do: users outside the
// administrator's organisation have their profile only there.
Result<std::optional<Admin::User>> Admin::user(std::string_view login,
                                               std::string_view organisation,
                                               const Deadline& deadline) {
  const std::string org = json::quote(organisation);
  const auto document = service_.post(
      "/api/v1/query?name=socctl-user",
      R"({"query":[{"_name":"getOrganisation","idOrName":)" + org +
          R"(},{"_name":"users"},{"_name":"filter","_is":{"_field":"login","_value":)" +
          json::quote(login) + R"(}},{"_name":"page","from":0,"to":2,"organisation":)" + org +
          "}]}",
      deadline);
  if (!document.ok()) return document.status();
  const json::Value root = document->root().at(0);
  if (!root.is_object()) return std::optional<User>();
  User user;
  user.login = root["login"].text();
  user.organisation = organisation;
  user.profile = root["profile"].text();
  user.has_key = root["hasKey"].boolean().value_or(false);
  user.locked = root["locked"].boolean().value_or(false);
  return std::optional<User>(std::move(user));
}

Status Admin::add_user(const User& user, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("login", user.login);
  w.member("name", "socbridge");
  w.member("organisation", user.organisation);
  w.member("profile", user.profile);
  w.member("type", "Service");  // version 5: has a key, no password, needs no licence
  w.end_object();
  return send("making the user", "POST", "/api/v1/user", std::move(w).take(), deadline);
}

Status Admin::set_profile(const User& user, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("organisation", user.organisation);
  w.member("profile", user.profile);
  w.member("locked", false);
  w.end_object();
  return send("changing the user", "PATCH", path_of("user", user.login), std::move(w).take(),
              deadline);
}

Result<Secret> Admin::read_key(std::string_view what, const http::Outcome& outcome) {
  const Status status = service_.explain(outcome);
  if (!status.ok())
    return Status::error(status.code(), std::string(what) + ": " + status.message(), status.hint());
  // The answer is the key as plain text; anything else is not a key.
  constexpr std::size_t kLongest = 512;
  const std::string_view text = trim(outcome.response.body);
  const bool plain =
      !text.empty() && text.size() <= kLongest &&
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (plain && !text.starts_with('<') && !text.starts_with('{')) return Secret(std::string(text));
  return Status::error(ExitCode::refused, std::string(what) + ": the answer is not a key",
                       "check that the URL is that of TheHive");
}

Result<Secret> Admin::key(std::string_view login, const Deadline& deadline) {
  const http::Outcome outcome = service_.send("GET", path_of("user", login, "/key"), {}, deadline);
  if (outcome.answered() && outcome.response.status == kNotFound) return Secret();
  return read_key("reading the user's key", outcome);
}

Result<Secret> Admin::renew_key(std::string_view login, const Deadline& deadline) {
  return read_key("making the user's key",
                  service_.send("POST", path_of("user", login, "/key/renew"), {}, deadline));
}

Result<std::vector<Admin::Definition>> Admin::observable_types(const Deadline& deadline) {
  constexpr const char* kAll =
      R"({"query":[{"_name":"listObservableType"},{"_name":"page","from":0,"to":1000}]})";
  const auto document = service_.post("/api/v1/query?name=socctl-observable-types", kAll, deadline);
  if (!document.ok()) return document.status();
  std::vector<Definition> out;
  for (std::size_t i = 0; i < document->root().size(); ++i)
    out.push_back({document->root().at(i)["name"].text(), {}});
  return out;
}

Status Admin::add_observable_type(std::string_view name, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("name", name);
  w.member("isAttachment", false);
  w.end_object();
  return send("making the observable type", "POST", "/api/v1/observable/type", std::move(w).take(),
              deadline);
}

Result<std::vector<Admin::Definition>> Admin::custom_fields(const Deadline& deadline) {
  const auto document = service_.get("/api/v1/customField", deadline);
  if (!document.ok()) return document.status();
  std::vector<Definition> out;
  for (std::size_t i = 0; i < document->root().size(); ++i) {
    const json::Value one = document->root().at(i);
    out.push_back({one["name"].text(), one["type"].text()});
  }
  return out;
}

Status Admin::add_custom_field(const Definition& field, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("name", field.name);
  w.member("displayName", field.name);
  w.member("group", "socbridge");
  w.member("description", "Made by socctl setup thehive");
  w.member("type", field.type);
  w.end_object();
  return send("making the custom field", "POST", "/api/v1/customField", std::move(w).take(),
              deadline);
}

}  // namespace socbridge::thehive
