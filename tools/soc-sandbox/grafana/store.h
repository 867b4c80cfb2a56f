// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "soc-sandbox/server/fixtures.h"
#include "soc-sandbox/thehive/api.h"

namespace socbridge::sandbox::grafana {

// The stored objects of Grafana, and the answers to requests that read and change them
// (docs/protocols/grafana.md). Not thread safe.
class Store {
 public:
  // Starts with `data_sources` and `dashboards` of the facts.
  explicit Store(const SocFacts& facts);

  Response folder(const std::string& uid) const;
  Response create_folder(json::Value body);
  Response rename_folder(const std::string& uid, json::Value body);

  Response sources() const;
  Response source(const std::string& uid) const;
  Response source_named(const std::string& name) const;
  Response source_health(const std::string& uid) const;
  Response create_source(json::Value body);
  Response update_source(const std::string& uid, json::Value body);

  Response search() const;
  Response dashboard(const std::string& uid) const;
  Response versions(const std::string& uid) const;
  Response save_dashboard(json::Value body, const std::string& author);

 private:
  struct Folder {
    std::string title;
    std::int64_t version = 1;
  };
  struct Source {
    std::string uid, name, type;
    std::string body = "{}";  // all members that were received, without secrets
    std::int64_t version = 1;
    std::vector<std::string> secrets;  // names of the secrets that are set
    bool read_only = false, has_test = false;
    std::string status, message;
  };
  struct Save {
    std::string author, message;
  };
  struct Board {
    std::string uid, title, folder, body = "{}";
    bool provisioned = false;
    std::vector<Save> saves;  // the last one is the current version
    std::int64_t version() const { return static_cast<std::int64_t>(saves.size()); }
  };

  Source* find_source(const std::string& uid);
  const Source* find_source(const std::string& uid) const;
  Board* find_board(const std::string& uid);
  const Board* find_board(const std::string& uid) const;
  static Response source_answer(const Source& source);
  static void take(Source& source, json::Value body);
  void add_source(json::Value fact);
  void add_board(json::Value fact);

  std::map<std::string, Folder> folders_;
  std::vector<Source> sources_;
  std::vector<Board> boards_;
};

// A refusal in Grafana's form.
Response message(int status, const std::string& text);

}  // namespace socbridge::sandbox::grafana
