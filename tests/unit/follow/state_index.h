// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "json/value.h"
#include "json/writer.h"
#include "support/raw_server.h"

// An index that answers like OpenSearch, for code that stores its state in it.
namespace socbridge::follow::test {

using http::test::answer;
using http::test::Peer;
using http::test::RawServer;

// One index, socctl's own. Of a subclass others too.
class StateIndex {
 public:
  virtual ~StateIndex() = default;
  std::string url() const { return "http://" + server_.host_port(); }
  std::size_t documents() const { return documents_.size(); }
  bool has(const std::string& id) const { return documents_.contains(id); }
  std::string source(const std::string& id) const { return documents_.at(id).source; }
  void set(const std::string& id, const std::string& source) { documents_[id] = {source, next_++}; }
  int lose_answers_to_puts = 0;  // writes are stored, but never answered

 protected:
  // The answer to a request for another index; empty: to one for this index.
  virtual std::string of_another(const std::string& /*line*/, const std::string& /*body*/) {
    return {};
  }

 private:
  struct Stored {
    std::string source;
    std::int64_t seq_no;
  };

  static std::string shown(const std::string& id, const Stored& one) {
    return R"({"_id":)" + json::quote(id) + R"(,"_seq_no":)" + std::to_string(one.seq_no) +
           R"(,"_primary_term":1,"_source":)" + one.source + "}";
  }

  std::string put(const std::string& id, const std::string& line, const std::string& body) {
    const auto there = documents_.find(id);
    const auto seen = line.find("if_seq_no=");
    const bool fits = seen == std::string::npos
                          ? there == documents_.end()
                          : there != documents_.end() &&
                                std::stoll(line.substr(seen + 10)) == there->second.seq_no;
    if (!fits) return answer("409 Conflict", R"({"status":409})");
    documents_[id] = {body, next_++};
    if (lose_answers_to_puts > 0) {
      --lose_answers_to_puts;
      return {};
    }
    return answer("200 OK", shown(id, documents_[id]));
  }

  std::string handle(const std::string& request) {
    const std::string line = request.substr(0, request.find("\r\n"));
    const std::string body = request.substr(request.find("\r\n\r\n") + 4);
    if (std::string other = of_another(line, body); !other.empty()) return other;
    if (line.starts_with("HEAD")) return answer("200 OK", "");
    if (line.find("/_search") != std::string::npos) {
      std::string hits;
      for (const auto& [id, one] : documents_) hits += (hits.empty() ? "" : ",") + shown(id, one);
      return answer("200 OK", R"({"hits":{"hits":[)" + hits + "]}}");
    }
    const std::size_t at = line.find("/_doc/") + 6;
    const std::string id = line.substr(at, line.find_first_of(" ?", at) - at);
    if (line.starts_with("PUT")) return put(id, line, body);
    const auto there = documents_.find(id);
    if (there == documents_.end()) return answer("404 Not Found", R"({"found":false})");
    if (line.starts_with("DELETE")) {
      documents_.erase(there);
      return answer("200 OK", "{}");
    }
    return answer("200 OK", shown(id, there->second));
  }

  std::map<std::string, Stored> documents_;
  std::int64_t next_ = 0;
  RawServer server_{[this](Peer& peer) {
                      for (;;) {
                        const std::string request = peer.read_request();
                        if (request.empty()) return;
                        const std::string said = handle(request);
                        if (said.empty()) return peer.reset();
                        peer.send(said);
                      }
                    },
                    RawServer::Serving::at_once};
};

}  // namespace socbridge::follow::test
