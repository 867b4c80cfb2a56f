// SPDX-License-Identifier: Apache-2.0
// Any text as a server's message: every output format stays valid.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "health/probe.h"
#include "health/render/render.h"
#include "opensearch/client.h"

using namespace socbridge;
using namespace socbridge::health;

namespace {

void require(bool fine) {
  if (!fine) std::abort();
}

std::size_t lines(const std::string& text) {
  return static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
}

Summary summary_of(std::string_view detail, std::string_view next, std::string_view version) {
  Options options;
  Probe probe(Env::real(), options, std::nullopt, {"thehive", "TheHive"}, Deadline::after_ms(1));
  probe.version(version);
  probe.add("answer", State::down, Cause::reported_error, std::string(detail), std::string(next));
  Summary summary;
  summary.reports.push_back(std::move(probe.report()));
  return summary;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parts = split(text, '\n');
  const auto part = [&](std::size_t i) { return i < parts.size() ? parts[i] : std::string_view(); };
  if (const auto mark = opensearch::parse_watermark(part(2))) {
    require(mark->used_percent >= 0 && mark->used_percent <= 100);
  }
  const Summary given = summary_of(part(0), part(1), part(2));
  const Summary plain = summary_of("d", "n", part(2).empty() ? "" : "v");
  for (const Format format :
       {Format::plain, Format::json, Format::jsonl, Format::yaml, Format::junit, Format::prometheus,
        Format::nagios, Format::md, Format::html, Format::table}) {
    const std::string out = render(format, given, {}, true);
    require(is_valid_utf8(out));
    require(out.find('\x1b') == std::string::npos && out.find('\r') == std::string::npos);
    // One line of text adds no line, and so no row, series, case or element, anywhere.
    if (format != Format::yaml) require(lines(out) == lines(render(format, plain, {}, true)));
    const auto tags = [](const std::string& page) {
      return std::count(page.begin(), page.end(), '<');
    };
    if (format == Format::html || format == Format::junit) {
      require(tags(out) <= tags(render(format, plain, {}, true)) + 1);
    }
  }
  return 0;
}
