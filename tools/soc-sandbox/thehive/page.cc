// SPDX-License-Identifier: Apache-2.0
#include "soc-sandbox/thehive/page.h"

#include "base/text.h"
#include "base/time.h"
#include "soc-sandbox/thehive/constants.h"
#include "soc-sandbox/thehive/context.h"
#include "soc-sandbox/thehive/page_style.h"

namespace socbridge::sandbox {
namespace {

std::string head(const std::string& title, bool refreshes) {
  std::string html = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">";
  html += "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">";
  if (refreshes) html += "<meta http-equiv=\"refresh\" content=\"10\">";
  html += "<title>" + html_escape(title) + "</title><style>" + kPageStyle + "</style></head><body>";
  return html;
}

std::string foot() {
  return "<footer>socbridge sandbox: answers like TheHive, for tests. It is not "
         "TheHive.</footer></body></html>\n";
}

std::string severity(int value) {
  const int shade = value < 1 || value > 4 ? 2 : value;
  return "<span class=\"sev sev" + std::to_string(shade) + "\">" +
         html_escape(ascii_lower(severity_label(value))) + "</span>";
}

std::string moment(UnixMillis ms) {
  constexpr std::size_t kToSeconds = 19;
  std::string text = format_utc(ms).substr(0, kToSeconds);
  for (char& c : text) c = c == 'T' ? ' ' : c;
  return html_escape(text) + "Z";
}

std::string tag_list(const std::vector<std::string>& tags) {
  std::string html;
  for (const std::string& tag : tags) html += "<span class=\"tag\">" + html_escape(tag) + "</span>";
  return html;
}

std::string row(const Alert& alert) {
  std::string html = "<tr><td class=\"fixed\">" + severity(alert.severity) + "</td>";
  html += "<td class=\"fixed soft\">" + moment(alert.date) + "</td>";
  html += "<td><a href=\"alert/" + id_text(alert.id) + "\">" + html_escape(alert.title) +
          "</a><br>" + tag_list(alert.tags) + "</td>";
  html += "<td data-name=\"reference\"><code>" + html_escape(alert.source_ref) + "</code></td>";
  html += "<td class=\"number\" data-name=\"observables\">" +
          std::to_string(alert.children.observables.size()) + "</td></tr>\n";
  return html;
}

std::string pages(std::size_t from, std::size_t total) {
  std::string html;
  if (from > 0) {
    const std::size_t newer = from > kPageSize ? from - kPageSize : 0;
    html += "<a href=\"?from=" + std::to_string(newer) + "\">newer</a> ";
  }
  if (from + kPageSize < total) {
    html += "<a href=\"?from=" + std::to_string(from + kPageSize) + "\">older</a>";
  }
  return html.empty() ? html : "<p>" + html + "</p>";
}

void fact(std::string& html, const char* name, const std::string& value) {
  if (value.empty()) return;
  html += std::string("<dt>") + name + "</dt><dd>" + value + "</dd>";
}

std::string observable_table(const Tables& tables, const Alert& alert) {
  if (alert.children.observables.empty()) return "<p class=\"soft\">None.</p>";
  std::string html =
      "<table><thead><tr><th>Type</th><th>Value</th><th>From</th><th>Tags</th></tr></thead><tbody>";
  for (const Id id : alert.children.observables) {
    const Observable& one = *tables.observable(id);
    const std::string& value = one.attachment.id.empty() ? one.data : one.attachment.name;
    html += "<tr><td class=\"fixed\">" + html_escape(one.data_type) + "</td><td><code>" +
            html_escape(value) + "</code></td><td class=\"soft\">" + html_escape(one.message) +
            "</td><td>" + tag_list(one.tags) + "</td></tr>\n";
  }
  return html + "</tbody></table>";
}

std::string procedure_table(const Tables& tables, const Alert& alert) {
  if (alert.children.procedures.empty()) return "<p class=\"soft\">None.</p>";
  std::string html =
      "<table><thead><tr><th>Technique</th><th>Tactic</th><th>When</th></tr></thead>"
      "<tbody>";
  for (const Id id : alert.children.procedures) {
    const Procedure& one = *tables.procedure(id);
    html += "<tr><td class=\"fixed\">" + html_escape(one.pattern_id) + "</td><td>" +
            html_escape(one.tactic) + "</td><td class=\"fixed soft\">" + moment(one.occurred) +
            "</td></tr>\n";
  }
  return html + "</tbody></table>";
}

}  // namespace

std::string html_escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "&#39;"; break;
      default: {
        const bool control = static_cast<unsigned char>(c) < ' ' && c != '\n' && c != '\t';
        if (control || c == '\x7f') {
          out += "\xEF\xBF\xBD";
        } else {
          out += c;
        }
      }
    }
  }
  return out;
}

std::string list_page(const Tables& tables, std::size_t from) {
  const std::size_t total = tables.alerts().size();
  std::string html = head("Alerts: " + std::to_string(total), true);
  html += "<header><h1>Alerts that arrived</h1><p class=\"soft\">" + std::to_string(total) +
          (total == 1 ? " alert, " : " alerts, ") + "latest arrival first</p></header><main>";
  if (total == 0) {
    return html +
           "<p class=\"empty\">Nothing has arrived yet. This page looks again every 10 "
           "seconds.</p></main>" +
           foot();
  }
  html +=
      "<table><thead><tr><th>Severity</th><th>Time</th><th>Alert</th><th>Reference</th>"
      "<th class=\"number\">Observables</th></tr></thead><tbody>";
  std::size_t number = 0;
  for (auto it = tables.alerts().rbegin(); it != tables.alerts().rend(); ++it, ++number) {
    if (number >= from + kPageSize) break;
    if (number >= from) html += row(it->second);
  }
  return html + "</tbody></table>" + pages(from, total) + "</main>" + foot();
}

std::string alert_page(const Tables& tables, const Alert& alert) {
  std::string html = head(alert.title, false);
  html += "<header><p><a href=\"../\">All alerts</a></p><h1>" + html_escape(alert.title) +
          "</h1><p>" + severity(alert.severity) + " <span class=\"soft\">" + moment(alert.date) +
          "</span></p></header><main><dl>";
  fact(html, "Type", html_escape(alert.type));
  fact(html, "Source", html_escape(alert.source));
  fact(html, "Reference", "<code>" + html_escape(alert.source_ref) + "</code>");
  fact(html, "Status", html_escape(alert.status));
  fact(html, "TLP, PAP", html_escape(tlp_label(alert.tlp, false) + ", " + pap_label(alert.pap)));
  // As text, not as a link: its author may have chosen any scheme.
  fact(html, "Link", html_escape(alert.external_link));
  fact(html, "Arrived", moment(alert.created));
  fact(html, "Id", id_text(alert.id));
  fact(html, "Tags", tag_list(alert.tags));
  for (const CustomFieldValue& field : alert.custom_fields) {
    fact(html, html_escape(field.name).c_str(), html_escape(field.value_json));
  }
  html += "</dl><h2>Observables</h2>" + observable_table(tables, alert);
  html += "<h2>Procedures</h2>" + procedure_table(tables, alert);
  html += "<h2>Description</h2><pre>" + html_escape(alert.description) + "</pre>";
  for (const Id id : alert.children.comments) {
    html += "<h2>Comment</h2><pre>" + html_escape(tables.comment(id)->message) + "</pre>";
  }
  return html + "</main>" + foot();
}

std::string missing_page() {
  return head("No such alert", false) +
         "<main><h1>No such alert</h1><p><a href=\"../\">All alerts</a></p></main>" + foot();
}

}  // namespace socbridge::sandbox
