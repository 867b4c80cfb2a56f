// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/status.h"
#include "health/report.h"
#include "term/terminal.h"

namespace socbridge::health {

// `automatic` is table on a terminal, plain in a pipe.
enum class Format {
  automatic,
  table,  // one line per component, then what to do next
  plain,  // one line per check: component, check, state, cause, detail, next, separated by tabs
  json,   // one object for the run
  jsonl,  // one object per component
  yaml,   // like json
  junit,  // XML for CI systems: a suite per component, a case per check
  prometheus,  // text exposition format, for the textfile collector
  nagios,      // the plug-in format: one line, performance data, then the reasons
  md,          // GitHub's Markdown
  html,        // one self-contained page with the integration map
};
// Errors (usage): an unknown name, with the nearest one.
Result<Format> parse_format(std::string_view text);

// The complete run as text, ending in a line break. `all_checks` is for the table: every check
// instead of components only. Detail and next are untrusted plain text; each format escapes them.
std::string render(Format format, const Summary& summary, const term::Terminal& terminal,
                   bool all_checks);

// The formats, one file each.
std::string render_table(const Summary& summary, const term::Terminal& terminal, bool all_checks);
std::string render_plain(const Summary& summary);
std::string render_json(const Summary& summary);  // compact
std::string render_jsonl(const Summary& summary);
std::string render_junit(const Summary& summary);
std::string render_prometheus(const Summary& summary);
std::string render_nagios(const Summary& summary);
std::string render_markdown(const Summary& summary);
std::string render_html(const Summary& summary);

// The integration map as an <svg> element, styled by the page around it.
std::string render_map(const Summary& summary);
// The history of runs as a figure of the page; empty if there is none.
std::string render_strip(const Summary& summary);
// [{"checked_at":"…","components":{"thehive":"ok"}}]
std::string history_json(const std::vector<PastRun>& runs);
// Start of the comment in a page with the history.
inline constexpr std::string_view kHistoryMark = "<!-- socbridge-history ";

// "3 ok, 1 down, 2 skipped".
std::string counts_text(const Summary& summary);
// "12 ms", or "-" without an answer.
std::string latency_text(std::int64_t ms);
// "licence: expires in 3 days" of the worst check, or how many checks were ok.
std::string reason_text(const Report& report);
// Escapes HTML text and attributes; is_unprintable() characters become visible escapes.
std::string escape_html(std::string_view text);

}  // namespace socbridge::health
