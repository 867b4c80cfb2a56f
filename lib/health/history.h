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

// The last runs, oldest first, at most kMost. They are stored in the output file of a run and read
// from it by the next one, so that no second file must be protected and both are replaced at once:
// in the member "history" of JSON, or in a comment of the page.
class History {
 public:
  static constexpr std::size_t kMost = 120;

  // The runs in `file`, which has the format `format`. Empty if there is no such file or the format
  // is neither json nor html. Names, states and times are validated one by one; invalid ones are
  // dropped, so no other content of the file is used. Error: another user can change the file,
  // which is then not read.
  static Result<History> read(Env& env, const std::string& file, Format format);

  // From the text of such a file.
  static History parse(std::string_view text, Format format);

  void add(const Summary& summary);
  const std::vector<PastRun>& runs() const { return runs_; }

 private:
  std::vector<PastRun> runs_;
};

}  // namespace socbridge::health
