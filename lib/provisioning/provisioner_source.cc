// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "base/text.h"
#include "hash/digest.h"
#include "http/url_login.h"
#include "json/writer.h"
#include "provisioning/provisioner.h"
#include "provisioning/value_reference.h"

namespace socbridge::provisioning {
namespace {

constexpr std::size_t kMarkDigits = 16;
constexpr const char* kMark = "socbridge";  // member of jsonData

std::string hash_of(std::string_view body) { return sha256_hex(body).substr(0, kMarkDigits); }

// Members of a PUT, besides the uid and the version.
bool is_member_of_put(std::string_view name) {
  constexpr std::array<std::string_view, 11> kNames = {
      "name",      "type",          "access",          "url",       "user",    "database",
      "basicAuth", "basicAuthUser", "withCredentials", "isDefault", "jsonData"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

void write_json_data(json::Writer& w, json::Value wanted, json::Value there,
                     const std::string& hash, std::int64_t version) {
  w.begin_object();
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    w.key(wanted.key_at(i));
    w.value(wanted.value_at(i));
  }
  // Members that only Grafana has are kept.
  for (std::size_t i = 0; i < there.size(); ++i) {
    const std::string_view name = there.key_at(i);
    if (wanted[name] || name == kMark) continue;
    w.key(name);
    w.value(there.value_at(i));
  }
  w.key(kMark);
  w.begin_object();
  w.member("hash", hash);
  w.member("version", version);
  w.end_object();
  w.end_object();
}

// The body of a POST or PUT. `there`: missing for a new one.
std::string body_of(const DataSourceEntry& entry, json::Value there, const std::string& secrets) {
  const auto wanted = json::Document::parse(entry.body);
  const std::int64_t version = there["version"].integer().value_or(0);
  json::Writer w;
  w.begin_object();
  w.member("uid", there ? there["uid"].text() : entry.uid);
  if (there) w.member("version", version);
  const json::Value root = wanted->root();
  for (std::size_t i = 0; i < root.size(); ++i) {
    const std::string_view name = root.key_at(i);
    if (name == "uid" || name == "jsonData") continue;
    w.key(name);
    w.value(root.value_at(i));
  }
  for (std::size_t i = 0; i < there.size(); ++i) {
    const std::string_view name = there.key_at(i);
    if (root[name] || name == "jsonData" || !is_member_of_put(name)) continue;
    w.key(name);
    w.value(there.value_at(i));
  }
  if (!root["access"] && !there["access"]) w.member("access", "proxy");
  w.key("jsonData");
  write_json_data(w, root["jsonData"], there["jsonData"], hash_of(entry.body), version + 1);
  if (!secrets.empty()) {
    w.key("secureJsonData");
    w.raw(secrets);
  }
  w.end_object();
  return std::move(w).take();
}

// The values in the body that references stand for.
void add_referenced(const DataSourceEntry& entry, json::Value value, const std::string& path,
                    std::vector<Secret>& out) {
  const auto& all = entry.referenced;
  if (value.is_string()) {
    if (std::find(all.begin(), all.end(), path) == all.end()) return;
    out.emplace_back(std::string(*value.string()));
    return;
  }
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string step = value.is_object() ? std::string(value.key_at(i)) : std::to_string(i);
    add_referenced(entry, value.value_at(i), path + pointer_step(step), out);
  }
}

// All that a server may repeat of what it was sent.
std::vector<Secret> with_referenced(const DataSourceEntry& entry, std::vector<Secret> secrets) {
  const auto body = json::Document::parse(entry.body);
  if (body.ok()) add_referenced(entry, body->root(), {}, secrets);
  return secrets;
}

constexpr std::string_view kLoginMark = "...";  // Grafana's values may have a login in a URL too

// Neither the value of a reference nor Grafana's value is displayed.
void hide(const DataSourceEntry& entry, Difference& one) {
  const bool secret =
      std::any_of(entry.referenced.begin(), entry.referenced.end(), [&](const std::string& path) {
        return path == one.path || path.starts_with(one.path + "/");
      });
  if (secret) {
    if (!one.there.empty()) one.there = "(not shown)";
    one.wanted = "(not shown)";
  }
  one.there = http::without_logins(one.there, kLoginMark, "/?# \"");
  one.wanted = http::without_logins(one.wanted, kLoginMark, "/?# \"");
}

}  // namespace

Result<std::string> Provisioner::secrets_of(const DataSourceEntry& entry,
                                            std::vector<Secret>& values) {
  if (entry.secrets.empty()) return std::string();
  json::Writer w;
  w.begin_object();
  for (const auto& [name, text] : entry.secrets) {
    auto value = resolve(env_, text, {});
    if (!value.ok()) return value.status();
    w.member(name, value->reveal());
    values.push_back(std::move(*value));
  }
  w.end_object();
  return std::move(w).take();
}

Status Provisioner::create_source(const DataSourceEntry& entry) {
  std::vector<Secret> values;
  auto secrets = secrets_of(entry, values);
  if (!secrets.ok()) return secrets.status();
  std::string body = body_of(entry, {}, *secrets);
  secure_wipe(secrets->data(), secrets->size());
  return editor_.create_data_source(std::move(body), with_referenced(entry, std::move(values)));
}

Status Provisioner::update_source(const DataSourceEntry& entry, json::Value there) {
  const json::Value set = there["secureJsonFields"];
  const bool lacks =
      std::any_of(entry.secrets.begin(), entry.secrets.end(),
                  [&](const auto& secret) { return !set[secret.first].boolean().value_or(false); });
  std::vector<Secret> values;
  Result<std::string> secrets = std::string();
  if (lacks || options_.secrets == Secrets::write_again) secrets = secrets_of(entry, values);
  if (!secrets.ok()) return secrets.status();
  std::string body = body_of(entry, there, *secrets);
  secure_wipe(secrets->data(), secrets->size());
  return editor_.update_data_source(there["uid"].text(), std::move(body),
                                    with_referenced(entry, std::move(values)));
}

Status Provisioner::check_source(const DataSourceEntry& entry, json::Value there,
                                 Item& item) const {
  if (there["type"].text() != entry.type) {
    return Status::error(ExitCode::refused,
                         "there is a data source " + printable(entry.name, 60) + " of type " +
                             printable(there["type"].text(), 60),
                         "rename one of them");
  }
  const auto wanted = json::Document::parse(entry.body);
  item.differences = compare(wanted->root(), there);
  std::erase_if(item.differences, [](const Difference& one) { return one.path == "/uid"; });
  for (Difference& one : item.differences) hide(entry, one);
  const bool differs = !item.differences.empty();
  for (const auto& [name, text] : entry.secrets) {
    if (there["secureJsonFields"][name].boolean().value_or(false)) continue;
    item.differences.push_back({"/secureJsonData/" + name, "", "(set)"});
  }
  if (there["readOnly"].boolean().value_or(false)) {
    item.state = State::provisioned;
    item.detail = differs ? "from files of the server, and different from the manifest" : "";
  } else if (differs) {
    const json::Value mark = there["jsonData"][kMark];
    const bool is_ours = mark && mark["version"].integer() == there["version"].integer() &&
                         mark["hash"].text() != hash_of(entry.body);
    item.state = is_ours ? State::outdated : State::edited;
    if (!is_ours) item.detail = mark ? "changed by hand" : "made by hand";
  } else if (!item.differences.empty() || options_.secrets == Secrets::write_again) {
    item.state = State::outdated;
    item.detail = "its secrets must be written";
  }
  return {};
}

Status Provisioner::settle_source(const DataSourceEntry& entry, Item& item) {
  auto there = editor_.data_source(entry.uid);
  if (there.ok() && !there->has_value()) there = editor_.data_source_named(entry.name);
  if (!there.ok()) return there.status();
  if (!there->has_value()) {
    item.state = State::missing;
    const auto plugin = editor_.has_plugin(entry.type);
    if (!plugin.ok()) return plugin.status();
    if (!*plugin) {
      return Status::error(
          ExitCode::refused, "Grafana has no plug-in " + printable(entry.type, 60),
          "run grafana cli plugins install " + printable(entry.type, 60) + " and restart Grafana");
    }
    return is_to_be_written(item) ? create_source(entry) : Status();
  }
  const json::Value found = (**there).root();
  if (Status bad = check_source(entry, found, item); !bad.ok()) return bad;
  item.uid = found["uid"].text();
  if (item.uid != entry.uid) {
    item.detail += (item.detail.empty() ? "" : ", ");
    item.detail += "under the uid " + printable(item.uid, 60) + ", which dashboards use";
  }
  return is_to_be_written(item) ? update_source(entry, found) : Status();
}

}  // namespace socbridge::provisioning
