// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/env.h"
#include "base/status.h"
#include "health/render/render.h"
#include "health/report.h"

namespace socbridge::health {

// The last runs, oldest first, kMost of them. They are kept in the file that a run writes, and read
// from it by the next one, so that there is no second file to guard and both are replaced at once:
// as member "history" of JSON, in a comment of the page.
class History {
 public:
  static constexpr std::size_t kMost = 120;

  // The runs that are in `file`, written in `format`; of another format than json and html, or if
  // there is no such file: none. Names, states and times are checked one by one, and what is none
  // is left out, so nothing of the file gets further. Error: another user can change the file; then
  // nothing is read of it.
  static Result<History> read(Env& env, const std::string& file, Format format);

  // From the text of such a file.
  static History parse(std::string_view text, Format format);

  void add(const Summary& summary);
  const std::vector<PastRun>& runs() const { return runs_; }

 private:
  std::vector<PastRun> runs_;
};

}  // namespace socbridge::health
