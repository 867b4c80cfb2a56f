// SPDX-License-Identifier: Apache-2.0
#include "socctl/reconcile/inputs.h"

#include <utility>

#include "reconcile/combined_source.h"
#include "reconcile/file_source.h"

namespace socbridge::socctl {
namespace {

constexpr std::size_t kMostSources = 8;

Status check_options(const std::vector<std::string>& from, const IndexerFlags& flags,
                     bool has_cursor) {
  if (from.size() > kMostSources) {
    return Status::error(ExitCode::usage, "--from may be given at most 8 times");
  }
  if (has_cursor && from.size() > 1) {
    return Status::error(ExitCode::usage, "--cursor-file needs a single --from",
                         "compare several with --since instead");
  }
  const std::string option = flags.given();
  if (option.empty()) return {};
  for (const std::string& one : from) {
    if (is_indexer(one)) continue;
    return Status::error(ExitCode::usage, option + " is for --from indexer, not for files",
                         "leave it out, or give only the indexer");
  }
  return {};
}

}  // namespace

std::vector<std::string> Inputs::files() const {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < from.size(); ++i) {
    if (indexers[i]) {
      for (std::string& file : certificate_files(*indexers[i])) out.push_back(std::move(file));
    } else {
      out.push_back(from[i]);
    }
  }
  return out;
}

Result<Inputs> find_inputs(Env& env, const InputOptions& options) {
  const auto& [from, flags, config_file, window, has_cursor] = options;
  if (Status bad = check_options(from, flags, has_cursor); !bad.ok()) return bad;
  Inputs inputs;
  inputs.from = from;
  for (const std::string& one : from) {
    inputs.indexers.emplace_back();
    if (!is_indexer(one)) continue;
    auto indexer = indexer_options(env, one, flags, config_file, window);
    if (!indexer.ok()) return indexer.status();
    inputs.indexers.back() = std::move(*indexer);
  }
  return inputs;
}

Result<std::unique_ptr<reconcile::AlertSource>> open_inputs(Env& env, Inputs inputs,
                                                            const reconcile::Window& window,
                                                            json::Value resume,
                                                            UnixMillis resume_ms) {
  using Source = std::unique_ptr<reconcile::AlertSource>;
  std::vector<Source> sources;
  for (std::size_t i = 0; i < inputs.from.size(); ++i) {
    if (inputs.indexers[i]) {
      inputs.indexers[i]->fetch = opensearch::ScanOptions::Fetch::ahead;
      auto source = reconcile::IndexerSource::open(std::move(*inputs.indexers[i]), resume);
      if (!source.ok()) return source.status();
      sources.push_back(std::move(*source));
    } else {
      auto source = reconcile::FileSource::open(env, inputs.from[i], window, resume, resume_ms);
      if (!source.ok()) return source.status();
      sources.push_back(std::make_unique<reconcile::FileSource>(std::move(*source)));
    }
  }
  if (sources.size() == 1) return std::move(sources.front());
  return Source(std::make_unique<reconcile::CombinedSource>(std::move(sources), window));
}

}  // namespace socbridge::socctl
