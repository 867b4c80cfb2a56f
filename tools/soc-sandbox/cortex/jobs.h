// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "soc-sandbox/cortex/canned_reports.h"

namespace socbridge::sandbox::cortex {

struct Attachment {
  std::string name, content_type, sha256;
  std::int64_t size = 0;
};

struct Submission {
  std::string data_type, data;
  std::optional<Attachment> attachment;
  int tlp = 2, pap = 2;
  std::string message, parameters = "{}", user;
  std::optional<std::string> label;
  bool force = false;
};

struct Job {
  std::string id;
  Analyzer analyzer;
  Submission given;
  std::string cache_tag;
  std::int64_t created_ms = 0;
  std::int64_t start_ms = 0, end_ms = 0;  // when its state changes
  Finding finding;
  std::int64_t deleted_ms = 0;

  const char* status(std::int64_t now) const;  // Waiting, InProgress, Success, Failure, Deleted
  bool over(std::int64_t now) const { return is_deleted(now) || now >= end_ms; }
  bool is_deleted(std::int64_t now) const;
  std::int64_t updated_ms(std::int64_t now) const;  // 0: not changed yet
  // As in GET /api/job/{id}. A failed job includes its input.
  std::string json(std::int64_t now, bool from_cache, bool with_report) const;
};

// All jobs, in the order of creation. Thread-safe. A job's state depends on the clock only.
class Jobs {
 public:
  explicit Jobs(const Setup& setup)
      : waiting_ms_(setup.waiting_ms), running_ms_(setup.running_ms) {}

  struct Created {
    std::optional<Job> job;  // empty: the analyzer's rate limit is reached
    bool from_cache = false;
  };
  // Checks the cache first, then the limit, like Cortex, but in one step.
  Created create(const Analyzer& analyzer, Submission given);
  std::optional<Job> find(std::string_view id) const;
  bool remove(std::string_view id);
  // Newest first.
  std::vector<Job> select(const std::function<bool(const Job&)>& wanted) const;

 private:
  const Job* similar(const std::string& tag, std::int64_t cache_min, std::int64_t now) const;

  std::int64_t waiting_ms_, running_ms_;
  mutable std::mutex mutex_;
  std::deque<Job> jobs_;
  std::unordered_map<std::string, std::size_t> by_id_;
  std::unordered_map<std::string, std::vector<std::size_t>> by_tag_;
};

}  // namespace socbridge::sandbox::cortex
