// SPDX-License-Identifier: Apache-2.0
// Bytes as an answer of Cortex, as a list of observables, as one observable and as a kubeconfig.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "base/text.h"
#include "cortex/analyzer.h"
#include "cortex/answer.h"
#include "cortex/client.h"
#include "cortex/job.h"
#include "cortex/observable_list.h"
#include "json/value.h"
#include "kubernetes/rbac.h"
#include "observable/detect.h"
#include "observable/refang.h"
#include "yaml/read_yaml.h"

namespace {

using namespace socbridge;

void demand(bool holds) {
  if (!holds) std::abort();
}

void as_answer(std::string_view bytes) {
  http::Outcome outcome;
  outcome.response.status = bytes.size() % 2 == 0 ? 200 : 429;
  outcome.response.body = bytes;
  outcome.response.content_type = "application/json";
  static_cast<void>(cortex::read_started({"http://c", Secret("KEY-0123")}, outcome));
  const auto document = json::Document::parse(bytes);
  if (!document.ok()) return;
  const cortex::Job job = cortex::read_job(document->root());
  const auto again = json::Document::parse(job.json);
  demand(again.ok());
  // The job and its report must not contain `input`.
  demand(again->root()["input"].missing());
  demand(again->root()["report"]["input"].missing());
  demand(is_valid_utf8(job.summary()));
  for (const cortex::Analyzer& a : cortex::read_analyzers(document->root())) {
    const auto shown = json::Document::parse(a.json);
    demand(shown.ok() && shown->root()["configuration"].missing());
    static_cast<void>(a.is_called("AbuseIPDB"));
  }
  static_cast<void>(kubernetes::read_rules(document->root()));
}

void as_observable(std::string_view bytes) {
  if (bytes.starts_with('@') || bytes.starts_with('/') || bytes.starts_with('.')) return;  // paths
  const auto found = observable::detect(bytes);
  if (!found.ok()) return;
  demand(!found->value.empty());
  demand(found->type != "file" || bytes.find_first_of("@./") != std::string_view::npos);
  if (found->type == "other" || found->type == "file") return;
  // A value that was recognised is recognised again with the same result.
  const auto again = observable::read_as(found->type, found->value);
  demand(again.ok() && again->type == found->type && again->value == found->value);
  const auto untold = observable::detect(found->value);
  demand(untold.ok() && untold->type == found->type && untold->value == found->value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  as_answer(bytes);
  as_observable(bytes);
  static_cast<void>(cortex::read_input(bytes, "url"));
  static_cast<void>(yaml::read(bytes));
  static_cast<void>(yaml::read(bytes, yaml::Scalars::typed));
  return 0;
}
