// SPDX-License-Identifier: Apache-2.0
// Any answers of TheHive: records keep to their types, and none contains Cortex' input of a job.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "json/value.h"
#include "thehive/cases.h"
#include "thehive/connector.h"
#include "thehive/observables.h"

namespace {

using namespace socbridge;

void demand(bool holds) {
  if (!holds) std::abort();
}

void check(json::Value value) {
  const thehive::Job job = thehive::read_job(value);
  const auto shown = json::Document::parse(job.json);
  demand(shown.ok() && shown->root().is_object());
  demand(shown->root()["input"].missing());
  demand(shown->root()["report"]["input"].missing());
  demand(job.finished() || job.counts());
  for (const char c : job.error) demand(static_cast<unsigned char>(c) >= ' ');

  const thehive::ObservableInfo observable = thehive::read_observable(value);
  demand(observable.sha256.empty() || observable.sha256.size() == 64);
  demand(json::Document::parse(observable.json).ok() || value.missing());
  demand(observable.tlp >= -1000000000 && observable.tlp <= 1000000000);

  const thehive::AlertInfo alert = thehive::read_alert(value);
  demand(!alert.status.empty());
  demand(alert.severity == thehive::read_case(value).severity);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto document =
      json::Document::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!document.ok()) return 0;
  const json::Value root = document->root();
  check(root);
  for (std::size_t i = 0; i < root.size() && i < 4; ++i) check(root.value_at(i));
  return 0;
}
