// SPDX-License-Identifier: Apache-2.0
// Bytes as files of batches (cortex/journal.h) and of waiting matches
// (stream/index/match_journal.h), after a crash, a full disk or another process.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/env.h"
#include "cortex/journal.h"
#include "scratch.h"
#include "stream/index/match_journal.h"

namespace {

using namespace socbridge;

void as_batch(const fuzz::Folder& folder, std::string_view bytes) {
  folder.write("batch", bytes);
  const std::string path = folder.file("batch");
  {
    auto journal = cortex::Journal::open(Env::real(), path, "http://cortex");
    if (journal.ok()) {
      fuzz::require(journal->tried({"new key"}, 7).ok());
      journal->started("new key", "job-1", false);
      fuzz::require(journal->sync().ok());
    }
  }
  const auto again = cortex::Journal::open(Env::real(), path, "http://cortex");
  if (again.ok()) fuzz::require(again->at("new key").job == "job-1");
  unlink(path.c_str());
}

// The first line is the confirmed position, the other lines wait.
void as_matches(const fuzz::Folder& folder, std::string_view bytes) {
  const std::size_t line = bytes.find('\n');
  folder.write("m.place", bytes.substr(0, line));
  folder.write("m.1", line == bytes.npos ? std::string_view() : bytes.substr(line + 1));
  auto journal = stream::MatchJournal::open(Env::real(), folder.file("m"));
  fuzz::require(journal.ok() && journal->append("last\n").ok());
  std::string last;
  std::size_t rounds = 0;
  while (!journal->empty()) {
    const auto batch = journal->next(3);
    fuzz::require(batch.ok() && ++rounds <= bytes.size() + 4);
    for (const std::string& one : batch->lines) {
      fuzz::require(one.find('\n') == one.npos);
      last = one;
    }
    fuzz::require(journal->confirm(*batch).ok());
  }
  fuzz::require(last == "last");
  for (const char* name : {"m.place", "m.1", "m.2", "m.3"}) unlink(folder.file(name).c_str());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fuzz::Folder folder;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  as_batch(folder, bytes);
  as_matches(folder, bytes);
  return 0;
}
