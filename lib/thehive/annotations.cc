// SPDX-License-Identifier: Apache-2.0
#include "thehive/annotations.h"

#include <algorithm>

#include "base/text.h"
#include "json/writer.h"
#include "thehive/json_fields.h"
#include "thehive/query.h"

namespace socbridge::thehive {
namespace {

// Lists the objects of the subject. Requires version 5 unless stated otherwise.
template <typename T, typename Read>
Result<std::vector<T>> list_of(Client& client, const Subject& subject, const char* what, Read read,
                               const Deadline& deadline) {
  std::vector<T> out;
  const std::string label = std::string("socctl-") + what;
  const Status listed = for_each(
      client, {label, Query(subject).to(what)},
      [&](json::Value one) {
        out.push_back(read(one));
        return true;
      },
      deadline);
  if (!listed.ok()) return listed;
  return out;
}

Status needs_v5(Client& client, const char* what, const Deadline& deadline) {
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  if (version->api == ApiVersion::v5) return {};
  return Status::error(ExitCode::refused,
                       "TheHive " + version->version + " has no " + std::string(what),
                       "this needs TheHive 5");
}

std::string message_body(std::string_view message) {
  json::Writer w;
  w.begin_object();
  w.member("message", truncate_utf16(repair_utf8(message), limits::kMessage));
  w.end_object();
  return std::move(w).take();
}

std::string page_body(const Page& page) {
  json::Writer w;
  w.begin_object();
  w.member("title", page.title);
  w.member("category", page.category);
  w.member("content", truncate_utf16(repair_utf8(page.content), limits::kDescription));
  w.end_object();
  return std::move(w).take();
}

// Normalizes the page as the server does, so that an existing one compares equal.
Page clean_page(const Page& page) {
  Page out = page;
  out.title = truncate_utf16(repair_utf8(trim(page.title)), limits::kPageTitle);
  out.category = truncate_utf16(repair_utf8(trim(page.category)), limits::kPageCategory);
  out.content = truncate_utf16(repair_utf8(page.content), limits::kDescription);
  return out;
}

Status status_of(const Result<json::Document>& answer) {
  return answer.ok() ? Status() : answer.status();
}

}  // namespace

const char* written_name(Written written) {
  switch (written) {
    case Written::unchanged: return "unchanged";
    case Written::created: return "created";
    case Written::changed: return "changed";
  }
  return "unchanged";
}

Result<std::vector<Comment>> list_comments(Client& client, const Subject& subject,
                                           const Deadline& deadline) {
  if (const Status able = needs_v5(client, "comments", deadline); !able.ok()) return able;
  return list_of<Comment>(
      client, subject, "comments",
      [](json::Value v) {
        // Comments have createdAt where all others have _createdAt (docs/protocols/thehive.md,
        // "Updates").
        return Comment{v["_id"].text(), v["message"].text(), v["createdBy"].text(),
                       time_field(v["createdAt"])};
      },
      deadline);
}

Status add_comment(Client& client, const Subject& subject, std::string_view message,
                   const Deadline& deadline) {
  if (const Status able = needs_v5(client, "comments", deadline); !able.ok()) return able;
  return status_of(client.send("adding a comment to " + subject.text(), "POST",
                               subject.path("comment"), message_body(message), deadline));
}

Status edit_comment(Client& client, std::string_view comment_id, std::string_view message,
                    const Deadline& deadline) {
  return status_of(client.send("changing comment " + printable(comment_id, 100), "PATCH",
                               "/api/v1/comment/" + http::url_encode(comment_id),
                               message_body(message), deadline));
}

Result<Written> put_comment(Client& client, const Subject& subject, std::string_view marker,
                            std::string_view message, const Deadline& deadline) {
  const auto find = [&]() -> Result<Comment> {
    auto comments = list_comments(client, subject, deadline);
    if (!comments.ok()) return comments.status();
    for (Comment& comment : *comments) {
      if (comment.message.find(marker) != std::string::npos) return std::move(comment);
    }
    return Comment{};
  };
  const auto before = find();
  if (!before.ok()) return before.status();
  if (!before->id.empty()) {
    const std::string wanted = truncate_utf16(repair_utf8(message), limits::kMessage);
    if (before->message == wanted) return Written::unchanged;
    const Status edited = edit_comment(client, before->id, message, deadline);
    if (!edited.ok()) return edited;
    return Written::changed;
  }
  const http::Outcome outcome =
      client.perform("POST", subject.path("comment"), message_body(message), deadline);
  const auto added = accepted("adding a comment to " + subject.text(), outcome);
  if (added.ok()) return Written::created;
  if (outcome.ambiguous()) {
    const auto after = find();
    if (after.ok() && !after->id.empty()) return Written::created;
  }
  return added.status();
}

Result<std::vector<Page>> list_pages(Client& client, const Subject& subject,
                                     const Deadline& deadline) {
  if (subject.kind != Subject::Kind::of_case) {
    return Status::error(ExitCode::usage, subject.text() + ": only cases have pages");
  }
  if (const Status able = needs_v5(client, "pages", deadline); !able.ok()) return able;
  return list_of<Page>(
      client, subject, "pages",
      [](json::Value v) {
        return Page{v["_id"].text(), v["title"].text(), v["category"].text(), v["content"].text()};
      },
      deadline);
}

Status edit_page(Client& client, const Subject& subject, const Page& page,
                 const Deadline& deadline) {
  return status_of(client.send("changing a page of " + subject.text(), "PATCH",
                               subject.path("page/" + http::url_encode(page.id)),
                               page_body(clean_page(page)), deadline));
}

Result<Written> put_page(Client& client, const Subject& subject, const Page& given,
                         const Deadline& deadline) {
  const Page page = clean_page(given);
  const auto find = [&]() -> Result<Page> {
    auto pages = list_pages(client, subject, deadline);
    if (!pages.ok()) return pages.status();
    for (Page& one : *pages) {
      if (one.title == page.title && one.category == page.category) return std::move(one);
    }
    return Page{};
  };
  const auto before = find();
  if (!before.ok()) return before.status();
  if (!before->id.empty()) {
    if (before->content == page.content) return Written::unchanged;
    Page changed = page;
    changed.id = before->id;
    const Status edited = edit_page(client, subject, changed, deadline);
    if (!edited.ok()) return edited;
    return Written::changed;
  }
  const http::Outcome outcome =
      client.perform("POST", subject.path("page"), page_body(page), deadline);
  const auto added = accepted("adding a page to " + subject.text(), outcome);
  if (added.ok()) return Written::created;
  if (outcome.ambiguous()) {
    const auto after = find();
    if (after.ok() && !after->id.empty()) return Written::created;
  }
  return added.status();
}

Result<std::vector<std::string>> list_tags(Client& client, const Subject& subject,
                                           const Deadline& deadline) {
  const auto answer = client.send("reading " + subject.text(), "GET", subject.path(), {}, deadline);
  if (!answer.ok()) return answer.status();
  return text_list(answer->root()["tags"]);
}

namespace {

std::string tags_body(const TagChange& done, const std::vector<std::string>& all, bool one_by_one) {
  json::Writer w;
  const auto list = [&](const char* name, const std::vector<std::string>& tags) {
    w.key(name);
    w.begin_array();
    for (const std::string& tag : tags) w.value(tag);
    w.end_array();
  };
  w.begin_object();
  if (!one_by_one) list("tags", all);
  if (one_by_one && !done.add.empty()) list("addTags", done.add);
  if (one_by_one && !done.remove.empty()) list("removeTags", done.remove);
  w.end_object();
  return std::move(w).take();
}

}  // namespace

Result<TagChange> change_tags(Client& client, const Subject& subject, const TagChange& wanted,
                              const Deadline& deadline) {
  const auto present = list_tags(client, subject, deadline);
  if (!present.ok()) return present.status();
  std::vector<std::string> all = *present;
  TagChange done;
  for (const std::string& tag : wanted.remove) {
    if (std::erase(all, tag) > 0) done.remove.push_back(tag);
  }
  for (const std::string& raw : wanted.add) {
    std::string tag = truncate_utf16(repair_utf8(trim(raw)), limits::kTag);
    if (tag.empty() || std::find(all.begin(), all.end(), tag) != all.end()) continue;
    all.push_back(tag);
    done.add.push_back(std::move(tag));
  }
  if (done.add.empty() && done.remove.empty()) return done;
  const auto version = client.version(deadline);
  if (!version.ok()) return version.status();
  const auto answer = client.send("tagging " + subject.text(), "PATCH", subject.path(),
                                  tags_body(done, all, version->at_least(5, 1)), deadline);
  if (!answer.ok()) return answer.status();
  return done;
}

Result<std::vector<std::string>> add_tags(Client& client, const Subject& subject,
                                          const std::vector<std::string>& tags,
                                          const Deadline& deadline) {
  auto changed = change_tags(client, subject, {tags, {}}, deadline);
  if (!changed.ok()) return changed.status();
  return std::move(changed->add);
}

}  // namespace socbridge::thehive
