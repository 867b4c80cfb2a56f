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

// Reads several sources of the same alerts, such as alerts.json and the indexer, one after the
// other. An alert of several sources is returned once; alerts that a source lacks are recorded in
// unread() at the end. Takes about 110 bytes per alert of the window. Without resume points:
// positions are `{}`.
class CombinedSource final : public AlertSource {
 public:
  // 2 to 8 sources. Alerts outside the window are not recorded.
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
  std::unordered_map<std::string, std::uint8_t> seen_;  // reference -> one bit per source
};

}  // namespace socbridge::reconcile
