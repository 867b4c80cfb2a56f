// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/grafana/store.h"

#include <algorithm>
#include <utility>

#include "json/writer.h"

namespace socbridge::sandbox::grafana {
namespace {

Response mismatch(const char* text, const char* status) {
  json::Writer w;
  w.begin_object();
  w.member("message", text);
  w.member("status", status);
  w.end_object();
  return json_response(412, std::move(w).take());
}

void write_folder(json::Writer& w, const std::string& uid, const std::string& title,
                  std::int64_t version) {
  w.begin_object();
  w.member("uid", uid);
  w.member("title", title);
  w.member("version", version);
  w.end_object();
}

}  // namespace

Response message(int status, const std::string& text) {
  json::Writer w;
  w.begin_object();
  w.member("message", text);
  w.end_object();
  return json_response(status, std::move(w).take());
}

Store::Store(const SocFacts& facts) {
  const json::Value sources = facts["data_sources"], boards = facts["dashboards"];
  for (std::size_t i = 0; i < sources.size(); ++i) add_source(sources.at(i));
  for (std::size_t i = 0; i < boards.size(); ++i) add_board(boards.at(i));
}

void Store::add_source(json::Value fact) {
  Source source;
  take(source, fact);
  source.uid = fact["uid"].text();
  source.read_only = fact["readOnly"].boolean().value_or(false);
  source.has_test = fact["status"].is_string();
  source.status = fact["status"].text();
  source.message = fact["message"].text();
  sources_.push_back(std::move(source));
}

void Store::add_board(json::Value fact) {
  Board board;
  board.uid = fact["uid"].text();
  board.title = fact["title"].text();
  board.folder = fact["folderUid"].text();
  board.provisioned = fact["provisioned"].boolean().value_or(false);
  board.body = fact.dump();
  board.saves.push_back({"admin", ""});
  boards_.push_back(std::move(board));
}

Response Store::folder(const std::string& uid) const {
  const auto found = folders_.find(uid);
  if (found == folders_.end()) return message(404, "folder not found");
  json::Writer w;
  write_folder(w, uid, found->second.title, found->second.version);
  return json_response(200, std::move(w).take());
}

Response Store::create_folder(json::Value body) {
  const std::string uid = body["uid"].text(), title = body["title"].text();
  if (title.empty()) return message(400, "folder title cannot be empty");
  if (folders_.count(uid) > 0) return mismatch("the folder has been changed", "version-mismatch");
  folders_[uid].title = title;
  return folder(uid);
}

Response Store::rename_folder(const std::string& uid, json::Value body) {
  const auto found = folders_.find(uid);
  if (found == folders_.end()) return message(404, "folder not found");
  Folder& there = found->second;
  if (body["version"].integer() != there.version && body["overwrite"].boolean() != true) {
    return mismatch("the folder has been changed by another user", "version-mismatch");
  }
  there.title = body["title"].text();
  ++there.version;
  return folder(uid);
}

Response Store::search() const {
  json::Writer w;
  w.begin_array();
  for (const Board& board : boards_) {
    const auto body = json::Document::parse(board.body);
    w.begin_object();
    w.member("uid", board.uid);
    w.member("title", board.title);
    w.member("type", "dash-db");
    w.key("tags");
    const json::Value tags = body->root()["tags"];
    tags ? w.value(tags) : w.raw("[]");
    w.end_object();
  }
  w.end_array();
  return json_response(200, std::move(w).take());
}

const Store::Board* Store::find_board(const std::string& uid) const {
  const auto found = std::find_if(boards_.begin(), boards_.end(),
                                  [&](const Board& board) { return board.uid == uid; });
  return found == boards_.end() ? nullptr : &*found;
}

Store::Board* Store::find_board(const std::string& uid) {
  return const_cast<Board*>(std::as_const(*this).find_board(uid));
}

Response Store::dashboard(const std::string& uid) const {
  const Board* board = find_board(uid);
  if (board == nullptr) return message(404, "Dashboard not found");
  const auto body = json::Document::parse(board->body);
  json::Writer w;
  w.begin_object();
  w.key("dashboard");
  w.begin_object();
  const json::Value root = body->root();
  for (std::size_t i = 0; i < root.size(); ++i) {
    if (root.key_at(i) == "version") continue;
    w.key(root.key_at(i));
    w.value(root.value_at(i));
  }
  w.member("version", board->version());
  w.end_object();
  w.key("meta");
  w.begin_object();
  w.member("type", "db");
  w.member("version", board->version());
  w.member("folderUid", board->folder);
  w.member("provisioned", board->provisioned);
  w.end_object();
  w.end_object();
  return json_response(200, std::move(w).take());
}

Response Store::versions(const std::string& uid) const {
  const Board* board = find_board(uid);
  if (board == nullptr) return message(404, "Dashboard not found");
  json::Writer w;
  w.begin_object();
  w.key("versions");
  w.begin_array();
  for (std::int64_t version = board->version(); version > 0; --version) {
    const Save& save = board->saves[static_cast<std::size_t>(version - 1)];
    w.begin_object();
    w.member("version", version);
    w.member("createdBy", save.author);
    w.member("message", save.message);
    w.end_object();
  }
  w.end_array();
  w.end_object();
  return json_response(200, std::move(w).take());
}

Response Store::save_dashboard(json::Value body, const std::string& author) {
  const json::Value wanted = body["dashboard"];
  if (!wanted.is_object()) return message(400, "bad request data");
  if (wanted["title"].text().empty()) return message(400, "Dashboard title cannot be empty");
  const std::string folder = body["folderUid"].text();
  if (!folder.empty() && folders_.count(folder) == 0) return message(400, "folder not found");
  Board* board = find_board(wanted["uid"].text());
  if (board != nullptr && board->provisioned) {
    return message(400, "Cannot save provisioned dashboard");
  }
  const bool overwrites = body["overwrite"].boolean().value_or(false);
  if (board != nullptr && !overwrites && wanted["version"].integer() != board->version()) {
    return mismatch("The dashboard has been changed by another user", "version-mismatch");
  }
  if (board == nullptr) board = &boards_.emplace_back();
  board->uid = wanted["uid"].text();
  board->title = wanted["title"].text();
  board->folder = folder;
  board->body = wanted.dump();
  board->saves.push_back({author, body["message"].text()});
  json::Writer w;
  w.begin_object();
  w.member("uid", board->uid);
  w.member("status", "success");
  w.member("version", board->version());
  w.end_object();
  return json_response(200, std::move(w).take());
}

}  // namespace socbridge::sandbox::grafana
