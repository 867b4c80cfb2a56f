// SPDX-License-Identifier: Apache-2.0
#include "base/text.h"
#include "hash/digest.h"
#include "json/writer.h"
#include "provisioning/provisioner.h"

namespace socbridge::provisioning {
namespace {

constexpr std::size_t kMaxFile = std::size_t{16} << 20;
constexpr std::size_t kMarkDigits = 16;
constexpr std::string_view kMark = "socctl grafana apply ";

Status of_file(const std::string& path, const std::string& why) {
  return Status::error(ExitCode::usage, printable(path, 300) + ": " + why);
}

Result<json::Document> read_board(Env& env, const std::string& path) {
  const auto text = env.read_file(path, kMaxFile);
  if (!text.ok()) return Status::error(ExitCode::usage, text.status().message());
  auto document = json::Document::parse(*text);
  if (!document.ok()) return of_file(path, document.status().message());
  // A stored answer of grafana.com.
  if (!document->root()["title"] && document->root()["json"].is_object()) {
    return json::Document::parse(document->root()["json"].dump());
  }
  return document;
}

}  // namespace

Result<json::Document> Provisioner::load(const DashboardEntry& entry) {
  if (entry.number == 0) return read_board(env_, entry.file);
  if (options_.catalogue.empty()) return editor_.from_catalogue(entry.number, entry.revision);
  return read_board(env_, options_.catalogue + "/" + std::to_string(entry.number) + ".json");
}

Result<std::string> Provisioner::wanted_dashboard(const DashboardEntry& entry, Item& item) {
  const auto document = load(entry);
  if (!document.ok()) return document.status();
  Binding binding;
  binding.sources = sources_;
  binding.inputs = entry.inputs;
  binding.uid = item.uid;
  binding.number = entry.number;
  auto bound = bind_dashboard(document->root(), binding);
  if (!bound.ok()) {
    return Status::error(bound.status().code(), item.name + ": " + bound.status().message(),
                         bound.status().hint());
  }
  const auto read = json::Document::parse(*bound);
  item.name = printable(read->root()["title"].text(), 120);
  item.uid = read->root()["uid"].text();
  return bound;
}

std::string Provisioner::mark_of(std::string_view wanted) const {
  const std::string hashed = std::string(wanted) + "\n" + manifest_.folder_uid;
  return std::string(kMark) + sha256_hex(hashed).substr(0, kMarkDigits);
}

Status Provisioner::check_dashboard(std::string_view wanted, json::Value there, Item& item) {
  const json::Value meta = there["meta"];
  const std::string folder = meta["folderUid"].text();
  const bool is_elsewhere = folder != manifest_.folder_uid;
  const auto save = editor_.last_save(item.uid);
  if (!save.ok()) return save.status();
  const bool is_ours = save->has_value() && (**save).message.starts_with(kMark);
  const bool is_this = is_ours && (**save).message == mark_of(wanted);
  const auto document = json::Document::parse(wanted);
  // Grafana may return a saved dashboard in another schema version.
  if (!is_this) item.differences = compare(document->root(), there["dashboard"]);
  if (is_elsewhere) item.differences.push_back({"/folderUid", folder, manifest_.folder_uid});
  if (meta["provisioned"].boolean().value_or(false)) {
    item.state = State::provisioned;
    if (!item.differences.empty()) {
      item.detail = "from files of the server, and different from the manifest";
    }
    return {};
  }
  if (item.differences.empty()) return {};
  item.state = is_ours && !is_this ? State::outdated : State::edited;
  if (item.state == State::outdated) return {};
  if (is_this) {
    item.detail = "moved to the folder " + (folder.empty() ? "Dashboards" : printable(folder, 60));
  } else if (!save->has_value()) {
    item.detail = "its history cannot be read, which needs dashboards:write";
  } else {
    item.detail = "changed by hand";
    if (!(**save).author.empty()) item.detail += ", by " + (**save).author;
  }
  return {};
}

Status Provisioner::save_dashboard(std::string_view wanted, std::int64_t version) {
  const auto document = json::Document::parse(wanted);
  const json::Value root = document->root();
  json::Writer w;
  w.begin_object();
  w.key("dashboard");
  w.begin_object();
  for (std::size_t i = 0; i < root.size(); ++i) {
    w.key(root.key_at(i));
    w.value(root.value_at(i));
  }
  if (version > 0) w.member("version", version);
  w.end_object();
  w.member("folderUid", manifest_.folder_uid);
  w.member("message", mark_of(wanted));
  w.member("overwrite", false);
  w.end_object();
  return editor_.save_dashboard(std::move(w).take());
}

// Two dashboards with one uid would overwrite each other with each apply.
Status Provisioner::check_uid(const Item& item) {
  if (boards_.insert(item.uid).second) return {};
  return Status::error(ExitCode::usage,
                       "its uid " + printable(item.uid, 60) + " is also that of another dashboard",
                       "give one of them another uid in the manifest");
}

Status Provisioner::settle_dashboard(const DashboardEntry& entry, Item& item) {
  const auto wanted = wanted_dashboard(entry, item);
  if (!wanted.ok()) return wanted.status();
  if (Status twice = check_uid(item); !twice.ok()) return twice;
  const auto there = editor_.dashboard(item.uid);
  if (!there.ok()) return there.status();
  if (!there->has_value()) {
    item.state = State::missing;
    return is_to_be_written(item) ? save_dashboard(*wanted, 0) : Status();
  }
  const json::Value found = (**there).root();
  if (Status bad = check_dashboard(*wanted, found, item); !bad.ok()) return bad;
  if (!is_to_be_written(item)) return {};
  std::int64_t version = found["meta"]["version"].integer().value_or(0);
  if (version == 0) version = found["dashboard"]["version"].integer().value_or(0);
  return save_dashboard(*wanted, version);
}

}  // namespace socbridge::provisioning
