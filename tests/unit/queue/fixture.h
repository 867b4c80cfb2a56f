// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <catch2/catch.hpp>
#include <string>
#include <utility>

#include "integration/settings_lookup.h"
#include "json/value.h"
#include "queue/entries.h"
#include "spool/spool.h"
#include "support/temp_dir.h"

namespace socbridge::queue::test {

inline constexpr UnixMillis kNow = 1741938001037;

// A spool below a Wazuh home.
struct Fixture {
  // Stores an entry of that state; returns its id.
  std::string add(spool::State state, const spool::Reason& reason = {}, spool::Entry entry = {}) {
    if (entry.accepted_ms == 0) entry.accepted_ms = kNow;
    if (entry.alert.empty()) entry.alert = R"({"id":"1.2","rule":{"level":7,"id":"5"}})";
    if (entry.integration.empty()) entry.integration = "custom-w2thive";
    auto claim = spool.accept(entry);
    REQUIRE(claim.ok());
    std::string id = claim->id();
    if (state != spool::State::queue) {
      REQUIRE(spool.move(std::move(*claim), state, reason).ok());
    } else if (!reason.kind.empty()) {
      REQUIRE(spool.postpone(std::move(*claim), reason, kNow + 60000).ok());
    } else {
      REQUIRE(spool.reschedule(*claim, kNow).ok());
    }
    return id;
  }
  QueueEntry entry(const std::string& id,
                   QueueReader::Facts facts = QueueReader::Facts::leave_out) {
    auto found = reader.find(id, facts);
    REQUIRE(found);
    return std::move(*found);
  }

  socbridge::test::TempDir home;
  spool::Spool spool = spool::Spool::open(Env::real(), home.path() + "/queue/w2thive").value();
  QueueReader reader{Env::real(), spool};
  integration::SettingsLookup lookup{Env::real(), home.path()};
};

inline spool::Reason reason(const std::string& kind, int attempts = 1) {
  spool::Reason out;
  out.kind = kind;
  out.attempts = attempts;
  out.message = "why";
  return out;
}

inline json::Document parsed(const std::string& text) {
  auto document = json::Document::parse(text);
  INFO(text);
  REQUIRE(document.ok());
  return std::move(*document);
}

}  // namespace socbridge::queue::test
