// SPDX-License-Identifier: Apache-2.0
#include "config/error_list.h"

#include <string>

namespace socbridge::config {
namespace {

constexpr std::size_t kMostShown = 20;

}  // namespace

std::vector<Status> shown_errors(std::vector<Status> errors) {
  if (errors.size() <= kMostShown) return errors;
  const std::size_t more = errors.size() - kMostShown;
  const bool all_read = errors.size() <= kMostErrors;
  errors.resize(kMostShown);
  errors.push_back(Status::error(ExitCode::usage,
                                 (all_read ? "and " : "and at least ") + std::to_string(more) +
                                     (more == 1 ? " more error" : " more errors"),
                                 "correct these first"));
  return errors;
}

}  // namespace socbridge::config
