// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.h"
#include "hash/digest.h"
#include "soc-sandbox/thehive/validate.h"

namespace socbridge::sandbox {
namespace {

constexpr std::size_t kDataType = 64, kData = 4096, kAttachmentText = 128;
constexpr int kHighestPap = 3;

template <typename T, typename V>
void take(T& target, const std::optional<V>& value) {
  if (value) target = *value;
}

void read_shared(Fields& fields, Observable& out) {
  take(out.message, fields.text("message", 0, kMegabyte));
  take(out.tlp, fields.choice("tlp", 0, highest_tlp(fields.version())));
  take(out.pap, fields.choice("pap", 0, kHighestPap));
  take(out.tags, fields.tags("tags"));
  take(out.ioc, fields.flag("ioc"));
  take(out.sighted, fields.flag("sighted"));
  take(out.sighted_at, fields.integer("sightedAt"));
  take(out.ignore_similarity, fields.flag("ignoreSimilarity"));
}

bool is_blank(std::string_view text) { return trim(text).empty(); }

void read_data(Fields& fields, const Rules& rules, const Observable& shared,
               std::vector<Observable>& out) {
  const json::Value data = fields["data"];
  const std::size_t count = data.is_array() ? data.size() : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const auto text = data.is_array() ? data.at(i).string() : data.string();
    if (!text) return fields.invalid("data", "string", "must be a string or an array of strings");
    // Version 4 silently drops a blank one, its old API keeps it; the behaviour of version 5 is
    // unknown.
    if (is_blank(*text) && fields.version().v4() && !rules.v0) continue;
    if (!fields.version().v4() && (is_blank(*text) || utf16_length(*text) > kData)) {
      return fields.invalid("data", "string", "must have 1 to 4096 characters");
    }
    out.push_back(shared);
    out.back().data = *text;
  }
  if (count == 0) fields.missing("data");
}

Attachment to_attachment(const Part& part) {
  return {part.filename.empty() ? part.name : part.filename,
          part.content_type.empty() ? "application/octet-stream" : part.content_type,
          sha256_hex(part.content), part.content.size(),
          part.content.size() <= kMegabyte ? part.content : std::string()};
}

bool attach_part(const std::vector<Part>& parts, std::string_view name, Observable& out) {
  const auto part =
      std::find_if(parts.begin(), parts.end(), [&](const Part& p) { return p.name == name; });
  if (part == parts.end()) return false;
  out.attachment = to_attachment(*part);
  return true;
}

// `{"name","contentType","id"}` of an already stored file.
bool attach_stored(const json::Value& value, const Rules& rules, Observable& out) {
  Fields fields(value, rules.version);
  const std::string name = fields.required_text("name", 1, kAttachmentText);
  const std::string content_type = fields.required_text("contentType", 1, kAttachmentText);
  const std::string id = fields.required_text("id", 1, kAttachmentText);
  if (!fields.ok()) return false;
  for (const auto& [key, have] : rules.tables.observables()) {
    if (have.attachment.id != id) continue;
    out.attachment = {name, content_type, id, have.attachment.size, have.attachment.content};
    return true;
  }
  return false;
}

// The old API sends a file as `name;contentType;base64`.
bool attach_inline(const json::Value& data, Observable& out) {
  const auto parts = split(data.string_or_empty(), ';');
  if (parts.size() != 3) return false;
  constexpr std::size_t kGroup = 4, kBytes = 3;
  out.attachment = {std::string(parts[0]),
                    std::string(parts[1]),
                    sha256_hex(parts[2]),
                    parts[2].size() / kGroup * kBytes,
                    {}};
  return true;
}

void read_attachments(Fields& fields, const Rules& rules, const Observable& shared,
                      std::vector<Observable>& out) {
  if (rules.v0 && fields.has("data")) {
    out.push_back(shared);
    if (!attach_inline(fields["data"], out.back())) {
      fields.invalid("data", "attachment", "must be name;contentType;base64");
    }
    return;
  }
  const std::size_t before = out.size();
  for (const Part& part : rules.parts) {
    if (!rules.file_part || part.name != "attachment") continue;
    out.push_back(shared);
    out.back().attachment = to_attachment(part);
  }
  if (out.size() != before) return;
  if (!fields.has("attachment")) return fields.missing("attachment");
  const json::Value given = fields["attachment"];
  const std::size_t count = given.is_array() ? given.size() : 1;
  for (std::size_t i = 0; i < count; ++i) {
    const json::Value one = given.is_array() ? given.at(i) : given;
    out.push_back(shared);
    const bool found = one.is_string() ? attach_part(rules.parts, *one.string(), out.back())
                                       : attach_stored(one, rules, out.back());
    if (!found) {
      return fields.invalid("attachment", "attachment",
                            "names no part of the request and no stored file");
    }
  }
  if (count == 0) fields.missing("attachment");
}

// Since 5.7.0 the name is lowercased; before, case matters (docs/protocols/thehive.md, "Observables
// in an alert").
std::string type_name(const std::string& given, const Version& version) {
  return version >= Version{5, 7, 0} ? ascii_lower(given) : given;
}

}  // namespace

std::optional<ApiError> read_observables(const json::Value& body, const Rules& rules,
                                         const std::string& prefix, std::vector<Observable>& out) {
  Fields fields(body, rules.version, prefix);
  if (!body.is_object()) {
    fields.invalid("", "object", "must be an object");
    return fields.error();
  }
  Observable shared;
  shared.data_type = type_name(fields.required_text("dataType", 1, kDataType), rules.version);
  shared.created = rules.now;
  shared.start_date = fields.integer("startDate").value_or(rules.now);
  read_shared(fields, shared);
  if (!fields.ok()) return fields.error();
  const auto type = rules.tables.types().find(shared.data_type);
  if (type == rules.tables.types().end()) {
    return not_found("ObservableType " + shared.data_type + " not found");
  }
  if (type->second.is_attachment) {
    read_attachments(fields, rules, shared, out);
  } else if (fields.has("data")) {
    read_data(fields, rules, shared, out);
  } else if (!rules.v0) {
    fields.missing("data");
  }
  if (!fields.ok()) return fields.error();
  return std::nullopt;
}

std::optional<ApiError> update_observable(const json::Value& body, const Rules& rules,
                                          Observable& observable) {
  Fields fields(body, rules.version);
  if (const auto type = fields.text("dataType", 1, kDataType)) {
    observable.data_type = type_name(*type, rules.version);
  }
  read_shared(fields, observable);
  for (const std::string& tag : fields.tags("addTags").value_or(std::vector<std::string>())) {
    auto& tags = observable.tags;
    if (std::find(tags.begin(), tags.end(), tag) == tags.end()) tags.push_back(tag);
  }
  for (const std::string& tag : fields.tags("removeTags").value_or(std::vector<std::string>())) {
    std::erase(observable.tags, tag);
  }
  if (!fields.ok()) return fields.error();
  if (rules.tables.types().count(observable.data_type) == 0) {
    return not_found("ObservableType " + observable.data_type + " not found");
  }
  observable.updated = rules.now;
  return std::nullopt;
}

void drop_repeated(std::vector<Observable>& observables) {
  std::vector<Observable> kept;
  for (Observable& one : observables) {
    const bool seen = std::any_of(kept.begin(), kept.end(), [&](const Observable& have) {
      return have.data_type == one.data_type && have.data == one.data &&
             have.attachment.id == one.attachment.id;
    });
    if (!seen) kept.push_back(std::move(one));
  }
  observables = std::move(kept);
}

}  // namespace socbridge::sandbox
