// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "events.h"
#include "stream/reader/reader.h"
#include "support/raw_server.h"
#include "support/temp_dir.h"

namespace socbridge::stream {

// One event of a live stream.
inline std::string sse(const std::string& id, const std::string& name, const std::string& data) {
  return "id: " + id + "\nevent: " + name + "\ndata: " + data + "\n\n";
}
inline std::string connected(const std::string& first, const std::string& last) {
  return "event: connected\ndata: {\"firstEventId\":\"" + first + "\",\"lastEventId\":\"" + last +
         "\",\"streamSize\":7}\n\n";
}
inline std::string heartbeat(const std::string& id) { return sse(id, "heartbeat", "{}"); }
// An indicator for 198.51.100.7; `more`: further members.
inline std::string indicator(const std::string& id, const std::string& more = {}) {
  return sse(id, "create",
             R"({"type":"create","data":{"type":"indicator","id":"indicator--)" + id +
                 R"(","name":"n","pattern_type":"stix","pattern":)"
                 R"("[ipv4-addr:value = '198.51.100.7']")" +
                 more + "}}");
}
inline std::string stream_of(const std::string& bytes) {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n" + bytes;
}

// A server whose n-th connection gets the n-th of these answers, the last one again and again.
class StreamServer {
 public:
  // What stays open until the client goes; else the server ends the answer.
  enum class After { open, end };
  explicit StreamServer(std::vector<std::string> answers, After after = After::open)
      : answers_(std::move(answers)), after_(after), server_([this](http::test::Peer& peer) {
          static_cast<void>(peer.read_request());
          const auto at = static_cast<std::size_t>(peer.index());
          const bool last = at + 1 >= answers_.size();
          peer.send(answers_[std::min(at, answers_.size() - 1)]);
          if (last && after_ == After::open) static_cast<void>(peer.read_request());
        }) {}
  std::string url() const { return server_.url("/stream/live"); }
  std::string received() const { return server_.received(); }
  int connections() const { return server_.connections(); }

 private:
  std::vector<std::string> answers_;
  After after_;
  http::test::RawServer server_;  // last: its thread uses the others
};

// A reader that ends when all is read, with a journal and a set that has 198.51.100.7.
struct ReaderFixture {
  explicit ReaderFixture(std::vector<std::string> answers,
                         StreamServer::After after = StreamServer::After::open)
      : server(std::move(answers), after) {
    set.add({"ip", "198.51.100.7"}, 7);
    setup.url = server.url();
    setup.token = Secret("the-token");
    setup.cursor_file = folder / "cursor.json";
    setup.once = true;
    setup.flush_ms = 10;
    setup.shortest_pause_ms = 1;
    setup.longest_pause_ms = 10;
    setup.silence_ms = 20000;
  }
  Status run(int stop_fd = -1) {
    if (journal == nullptr) {
      auto opened = MatchJournal::open(Env::real(), folder / "matches");
      REQUIRE(opened.ok());
      journal = std::make_unique<MatchJournal>(std::move(*opened));
    }
    reader = std::make_unique<StreamReader>(Env::real(), setup, set, journal.get(), sink);
    if (const Status s = reader->prepare(); !s.ok()) return s;
    reader->set_own_identity("user-us");
    return reader->run(stop_fd);
  }
  std::vector<std::string> lines() const {
    const auto batch = journal->next(100);
    REQUIRE(batch.ok());
    return batch->lines;
  }
  test::TempDir folder;
  StreamServer server;
  MatchSet set{1};
  Events events;
  EventSink sink = events.sink();
  ReaderSetup setup;
  std::unique_ptr<MatchJournal> journal;
  std::unique_ptr<StreamReader> reader;
};

}  // namespace socbridge::stream
