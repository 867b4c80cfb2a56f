// SPDX-License-Identifier: Apache-2.0
#include "cortex/admin.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "cortex/answer.h"
#include "json/writer.h"

namespace socbridge::cortex {
namespace {

constexpr int kNoIndex = 520, kUnauthorised = 401, kNotFound = 404, kBadRequest = 400;

std::vector<std::string> sorted_texts(json::Value list) {
  std::vector<std::string> out = list.texts();
  std::sort(out.begin(), out.end());
  return out;
}

std::string user_path(std::string_view login, std::string_view rest = {}) {
  return "/api/user/" + http::url_encode(login) + std::string(rest);
}

void write_roles(json::Writer& w, const std::vector<std::string>& roles) {
  w.key("roles");
  w.begin_array();
  for (const std::string& role : roles) w.value(role);
  w.end_array();
}

std::string settings_json(const Admin::Settings& settings) {
  json::Writer w;
  w.begin_object();
  w.member("name", settings.name);
  w.key("configuration");
  w.raw(settings.configuration);
  if (settings.rate > 0) {
    w.member("rate", settings.rate);
    w.member("rateUnit", settings.rate_unit);
  }
  w.end_object();
  return std::move(w).take();
}

// Cortex's own error for a missing object, unlike a missing route or an error of a proxy.
bool is_not_found(const http::Outcome& outcome) {
  return outcome.answered() && outcome.response.status == kNotFound &&
         read_error(outcome.response).type == "NotFoundError";
}

Result<json::Document> copied(json::Value value) {
  return json::Document::parse(value.missing() ? std::string("{}") : value.dump());
}

}  // namespace

bool Admin::Who::has(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

Admin::Admin(http::Client& http, std::string url, std::string login, Secret key)
    : service_(http, {kErrors, url, std::move(login), std::move(key)}),
      open_(http, {kErrors, std::move(url), {}, {}}) {}

Status Admin::send(std::string_view what, std::string method, const std::string& path,
                   std::string body, const Deadline& deadline) {
  const Status status =
      service_.explain(service_.send(std::move(method), path, std::move(body), deadline));
  if (status.ok()) return status;
  return Status::error(status.code(), std::string(what) + ": " + status.message(), status.hint());
}

Result<std::string> Admin::version(const Deadline& deadline) {
  const auto document = open_.get("/api/status", deadline);
  if (!document.ok()) return document.status();
  const auto version = document->root()["versions"]["Cortex"].string();
  if (version) return printable(*version, 40);
  return Status::error(ExitCode::refused, "Cortex: the answer has no version of Cortex",
                       "check its URL");
}

Result<Admin::Who> Admin::whoami(const Deadline& deadline) {
  const http::Outcome outcome = service_.send("GET", "/api/user/current", {}, deadline);
  Who who;
  if (outcome.answered() && outcome.response.status == kNoIndex) {
    who.ready = Ready::no_index;
    return who;
  }
  // "user init not found": until a user exists, each request acts as this user.
  if (is_not_found(outcome)) {
    who.ready = Ready::no_users;
    return who;
  }
  if (outcome.answered() && outcome.response.status == kUnauthorised &&
      read_error(outcome.response).is_own) {
    who.ready = Ready::refused;
    return who;
  }
  const auto document = service_.read(outcome);
  if (!document.ok()) return document.status();
  const json::Value root = document->root();
  who.login = root["id"].text();
  who.organisation = root["organization"].text();
  who.roles = sorted_texts(root["roles"]);
  return who;
}

Status Admin::migrate(const Deadline& deadline) {
  return send("making the index", "POST", "/api/maintenance/migrate", "{}", deadline);
}

Result<bool> Admin::has_organisation(std::string_view name, const Deadline& deadline) {
  const http::Outcome outcome =
      service_.send("GET", "/api/organization/" + http::url_encode(name), {}, deadline);
  if (is_not_found(outcome)) return false;
  const auto document = service_.read(outcome);
  if (!document.ok()) return document.status();
  if (document->root()["status"].text() != "Locked") return true;
  return Status::error(ExitCode::refused, "the organisation " + printable(name, 60) + " is locked",
                       "unlock it in Cortex, or name another with --organisation");
}

Status Admin::add_organisation(std::string_view name, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("name", name);
  w.member("description", name);
  w.member("status", "Active");
  w.end_object();
  return send("making the organisation", "POST", "/api/organization", std::move(w).take(),
              deadline);
}

Result<std::optional<Admin::User>> Admin::user(std::string_view login, const Deadline& deadline) {
  const http::Outcome outcome = service_.send("GET", user_path(login), {}, deadline);
  if (is_not_found(outcome)) return std::optional<User>();
  const auto document = service_.read(outcome);
  if (!document.ok()) return document.status();
  const json::Value root = document->root();
  User user;
  user.login = root["id"].text();
  user.organisation = root["organization"].text();
  user.roles = sorted_texts(root["roles"]);
  user.has_key = root["hasKey"].boolean().value_or(false);
  user.locked = root["status"].text() == "Locked";
  return std::optional<User>(std::move(user));
}

Status Admin::add_user(const User& user, const Credentials& credentials, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  w.member("login", user.login);
  w.member("name", user.login);
  write_roles(w, user.roles);
  if (!user.organisation.empty()) w.member("organization", user.organisation);
  if (!credentials.key.empty()) w.member("key", credentials.key.reveal());
  if (!credentials.password.empty()) w.member("password", credentials.password.reveal());
  w.end_object();
  return send("making the user " + printable(user.login, 60), "POST", "/api/user",
              std::move(w).take(), deadline);
}

Status Admin::set_roles(const User& user, const Deadline& deadline) {
  json::Writer w;
  w.begin_object();
  write_roles(w, user.roles);
  w.member("status", "Ok");
  w.end_object();
  return send("changing the user " + printable(user.login, 60), "PATCH", user_path(user.login),
              std::move(w).take(), deadline);
}

Result<Secret> Admin::read_key(std::string_view what, const http::Outcome& outcome) {
  const Status status = service_.explain(outcome);
  if (!status.ok())
    return Status::error(status.code(), std::string(what) + ": " + status.message(), status.hint());
  constexpr std::size_t kLongest = 512;
  const std::string_view text = trim(outcome.response.body);
  const bool plain =
      !text.empty() && text.size() <= kLongest &&
      std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (plain && !text.starts_with('<') && !text.starts_with('{')) return Secret(std::string(text));
  return Status::error(ExitCode::refused, std::string(what) + ": the answer is not a key",
                       "check that the URL is that of Cortex");
}

Result<Secret> Admin::key(std::string_view login, const Deadline& deadline) {
  const http::Outcome outcome = service_.send("GET", user_path(login, "/key"), {}, deadline);
  // Message: "User … hasn't key"
  if (outcome.answered() && outcome.response.status == kBadRequest &&
      read_error(outcome.response).is_own)
    return Secret();
  return read_key("reading the key of " + printable(login, 60), outcome);
}

Result<Secret> Admin::renew_key(std::string_view login, const Deadline& deadline) {
  return read_key("making a key for " + printable(login, 60),
                  service_.send("POST", user_path(login, "/key/renew"), {}, deadline));
}

Result<std::vector<Admin::Definition>> Admin::definitions(const Deadline& deadline) {
  const auto document = service_.get("/api/analyzerdefinition", deadline);
  if (!document.ok()) return document.status();
  std::vector<Definition> out;
  for (std::size_t i = 0; i < document->root().size(); ++i) {
    const json::Value one = document->root().at(i);
    auto items = copied(one["configurationItems"]);
    if (!items.ok()) return items.status();
    out.push_back({one["id"].text(), one["name"].text(), one["version"].text(), std::move(*items)});
  }
  return out;
}

Result<std::vector<Admin::Enabled>> Admin::analyzers(const Deadline& deadline) {
  const auto document = service_.get("/api/analyzer?range=all", deadline);
  if (!document.ok()) return document.status();
  std::vector<Enabled> out;
  for (std::size_t i = 0; i < document->root().size(); ++i) {
    const json::Value one = document->root().at(i);
    auto configuration = copied(one["configuration"]);
    if (!configuration.ok()) return configuration.status();
    Enabled enabled;
    enabled.id = one["id"].text();
    enabled.name = one["name"].text();
    enabled.definition = one["workerDefinitionId"].text();
    enabled.rate = one["rate"].integer().value_or(0);
    enabled.rate_unit = one["rateUnit"].text();
    enabled.configuration = std::move(*configuration);
    out.push_back(std::move(enabled));
  }
  return out;
}

Status Admin::enable(std::string_view definition, const Settings& settings,
                     const Deadline& deadline) {
  return send("enabling " + printable(definition, 60), "POST",
              "/api/organization/analyzer/" + http::url_encode(definition), settings_json(settings),
              deadline);
}

Status Admin::change(std::string_view id, const Settings& settings, const Deadline& deadline) {
  return send("changing " + printable(settings.name, 60), "PATCH",
              "/api/analyzer/" + http::url_encode(id), settings_json(settings), deadline);
}

}  // namespace socbridge::cortex
