// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/status.h"

namespace socbridge::stream {

// A queue of lines on disk: one thread appends, another reads and confirms. Appended lines survive
// power loss and are read until they are confirmed; after a crash a confirmed line may be read once
// more. Files `NAME.NUMBER` are append only and removed when completely confirmed. Memory use does
// not grow with the queue.
class MatchJournal {
 public:
  // Continues where the last process ended.
  static Result<MatchJournal> open(Env& env, std::string path);
  MatchJournal(MatchJournal&&) noexcept;

  // `lines`: complete lines with line ends; durable on return.
  Status append(std::string_view lines);

  struct Batch {
    std::vector<std::string> lines;
    std::uint64_t file = 0, begin = 0, end = 0;  // for confirm()
    Batch first(std::size_t count) const;        // the same with fewer lines
  };
  // The next unconfirmed lines, at most `most`. Empty: none wait.
  Result<Batch> next(std::size_t most);
  Status confirm(const Batch& batch);

  // Called after each append, by the thread that appended.
  void set_on_append(std::function<void()> on_append) { on_append_ = std::move(on_append); }

  std::uint64_t waiting_bytes() const;
  bool empty() const { return waiting_bytes() == 0; }

 private:
  MatchJournal(Env& env, std::string path) : env_(&env), path_(std::move(path)) {}
  std::string file_path(std::uint64_t number) const;
  Status write(std::string_view lines);
  Status find_files();
  Status start_file();
  Status read_place();

  struct File {
    std::uint64_t number = 0, size = 0;
  };
  Env* env_;
  std::string path_;
  mutable std::mutex mutex_;
  std::vector<File> files_;   // oldest first; the last one is appended to
  std::uint64_t offset_ = 0;  // confirmed bytes of the first file
  Fd out_;
  bool spoilt_ = false;  // its file ends with what was not wholly written
  std::function<void()> on_append_;
};

}  // namespace socbridge::stream
