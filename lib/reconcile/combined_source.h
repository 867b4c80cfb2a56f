// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "reconcile/alert_files.h"
#include "reconcile/alert_source.h"

namespace socbridge::reconcile {

// Several sources of the same alerts, such as alerts.json and the indexer, one after the other. An
// alert that several have is given once; what one of them lacks is noted in unread() at the end.
// Keeps about 110 bytes for each alert of the window. Without resume points: positions are `{}`.
class CombinedSource final : public AlertSource {
 public:
  // At least two sources and at most 8. Of alerts outside the window nothing is noted.
  CombinedSource(std::vector<std::unique_ptr<AlertSource>> sources, const Window& window);

  Result<bool> next(SourceAlert& out) override;
  std::string position_before() const override { return "{}"; }
  std::string position_after() const override { return "{}"; }
  Unread unread() const override;
  Reading reading() const override;
  std::string description() const override;

 private:
  bool is_first(const SourceAlert& read);
  std::string missing_in(std::size_t source) const;

  std::vector<std::unique_ptr<AlertSource>> sources_;
  Window window_;
  std::size_t current_ = 0;
  std::unordered_map<std::string, std::uint8_t> seen_;  // reference: a bit for each source
};

}  // namespace socbridge::reconcile
