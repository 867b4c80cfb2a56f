// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "cortex/batch.h"
#include "support/canned_server.h"
#include "support/fake_clock.h"
#include "support/raw_server.h"
#include "support/temp_dir.h"

namespace socbridge::cortex {

// What Cortex does with one request to start a job.
struct Run {
  std::string answer;
  bool starts = true;  // a search for its label finds the job
};

inline std::string job_json(const std::string& id, const std::string& more = "") {
  return R"({"id":")" + id + R"(","status":"Waiting")" + more + "}";
}
inline Run started(const std::string& id) { return {test::http_answer(200, job_json(id))}; }
inline Run failed(int status, bool starts) { return {test::http_answer(status, "{}"), starts}; }
inline Run refused(int status, const std::string& type, const std::string& message) {
  return {test::http_answer(status, R"({"type":")" + type + R"(","message":")" + message + "\"}"),
          false};
}

// Answers the n-th run with the n-th of these, the last one for all that follow.
class CannedCortex {
 public:
  explicit CannedCortex(std::vector<Run> runs)
      : runs_(std::move(runs)), server_([this](http::test::Peer& peer) { talk(peer); }) {}
  std::string url() const { return "http://" + server_.host_port(); }
  std::size_t runs() const {
    return locked([&] { return run_; });
  }
  std::size_t searches() const {
    return locked([&] { return searches_; });
  }
  std::string bodies() const { return server_.received(); }

 private:
  template <typename Read>
  std::size_t locked(Read read) const {
    const std::lock_guard lock(mutex_);
    return read();
  }
  void talk(http::test::Peer& peer) {
    const std::string request = peer.read_request();
    if (request.empty()) return;
    const std::lock_guard lock(mutex_);
    if (request.find("/_search") != std::string::npos) {
      ++searches_;
      peer.send(test::http_answer(200, "[" + found_ + "]"));
      return;
    }
    const Run& run = runs_[std::min(run_++, runs_.size() - 1)];
    constexpr std::string_view kLabel = R"("label":")";
    const std::size_t at = request.find(kLabel) + kLabel.size();
    const std::string label = request.substr(at, request.find('"', at) - at);
    if (run.starts) {
      found_ += (found_.empty() ? "" : ",") +
                job_json("found-" + std::to_string(run_), R"(,"label":")" + label + "\"");
    }
    peer.send(run.answer);
  }

  std::vector<Run> runs_;
  std::size_t run_ = 0, searches_ = 0;
  std::string found_;
  mutable std::mutex mutex_;
  http::test::RawServer server_;  // last: its threads use the others
};

inline Analyzer analyzer(const std::string& name, std::vector<std::string> types = {"ip"}) {
  Analyzer out;
  out.id = out.name = out.definition = name;
  out.data_types = std::move(types);
  return out;
}

inline observable::Observable address(int last) {
  return {"ip", "203.0.113." + std::to_string(last), false};
}

// A batch over addresses for one analyzer, one request at a time.
struct BatchFixture {
  explicit BatchFixture(std::vector<Run> runs, int tasks = 1, const char* limit = "none")
      : server(std::move(runs)) {
    plan.analyzers = {analyzer("A_1_0")};
    plan.limits = {*parse_limit(limit, "test")};
    plan.used_elsewhere = {0};
    std::vector<observable::Observable> all;
    for (int i = 1; i <= tasks; ++i) all.push_back(address(i));
    plan.tasks = make_tasks(all, plan, nullptr);
    options.parallel = 1;
    options.progress = [this](std::size_t, std::size_t) { clock.advance_ms(1000); };
    options.started = [this](const Task& task, const Job& job, bool earlier) {
      lines += (earlier ? "earlier " : "started ") + task.what.value + "=" + job.id + "\n";
    };
    options.refused = [this](const Task& task, const Status& why) {
      lines += "refused " + task.what.value + ": " + why.message() + "\n";
    };
    options.waits = [this](const Analyzer& one, const Limit& most) {
      lines += "waits " + one.name + " " + most.text() + "\n";
    };
  }
  BatchOutcome run() {
    const Endpoint endpoint{url.empty() ? server.url() : url, Secret("k")};
    auto journal = Journal::open(Env::real(), home / "state", "http://cortex");
    REQUIRE(journal.ok());
    Ledger ledger(Env::real(), ledger_dir());
    lines.clear();
    return submit({http, endpoint}, plan, {*journal, ledger}, options);
  }
  std::string ledger_dir() const { return home / "quota"; }
  std::int64_t used() {
    Ledger ledger(Env::real(), ledger_dir());
    const std::string key = Ledger::key(server.url(), plan.analyzers[0]);
    return ledger.usage(key, plan.limits[0], wall_now_ms())->used;
  }

  FakeClock clock;
  test::TempDir home;
  CannedCortex server;
  std::string url;  // instead of the server's
  http::ClientOptions http;
  BatchPlan plan;
  BatchOptions options;
  std::string lines;
};

}  // namespace socbridge::cortex
