// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/status.h"
#include "base/time.h"
#include "thehive/alert.h"
#include "thehive/client.h"
#include "thehive/subject.h"

namespace socbridge::thehive {

// Additions to an alert or a case: comments, pages, procedures, tags. Comments, pages and
// procedures are not idempotent in TheHive (docs/protocols/thehive.md, "Updates"). The put_
// functions read first and write only what is missing or different. After an ambiguous outcome they
// read again instead of writing twice. Not safe against concurrent writers.
enum class Written { unchanged, created, changed };
const char* written_name(Written written);

struct Comment {
  std::string id, message, created_by;
  UnixMillis created_ms = 0;
};
struct Page {
  std::string id, title, category, content;
};
struct ProcedureInfo {
  std::string id, pattern_id, tactic, description;
  UnixMillis occur_ms = 0;
};

// The comments of an alert or a case. TheHive 4 has none: refused, with that reason.
Result<std::vector<Comment>> list_comments(Client& client, const Subject& subject,
                                           const Deadline& deadline);
Status add_comment(Client& client, const Subject& subject, std::string_view message,
                   const Deadline& deadline);
Status edit_comment(Client& client, std::string_view comment_id, std::string_view message,
                    const Deadline& deadline);
// Creates or updates the comment that contains `marker`, a part of `message` that no person would
// write.
Result<Written> put_comment(Client& client, const Subject& subject, std::string_view marker,
                            std::string_view message, const Deadline& deadline);

// The pages of a case; alerts have none. Not in TheHive 4.
Result<std::vector<Page>> list_pages(Client& client, const Subject& subject,
                                     const Deadline& deadline);
// Writes title, category and content of the page with `page.id`.
Status edit_page(Client& client, const Subject& subject, const Page& page,
                 const Deadline& deadline);
// Creates or updates the page with this title and category; `page.id` is ignored.
Result<Written> put_page(Client& client, const Subject& subject, const Page& page,
                         const Deadline& deadline);

// The procedures of an alert or a case; in TheHive 4 of a case only.
Result<std::vector<ProcedureInfo>> list_procedures(Client& client, const Subject& subject,
                                                   const Deadline& deadline);
struct ProceduresWritten {
  std::size_t added = 0, present = 0;
  std::vector<std::pair<std::string, std::string>> refused;  // technique, the server's message
};
// Adds those whose technique (and tactic, if given) the subject does not have. A technique that the
// server does not know does not stop the others.
Result<ProceduresWritten> put_procedures(Client& client, const Subject& subject,
                                         const std::vector<Procedure>& procedures,
                                         const Deadline& deadline);

// Tags of an alert, a case or an observable.
Result<std::vector<std::string>> list_tags(Client& client, const Subject& subject,
                                           const Deadline& deadline);
// Tags to add and to remove, or those that were.
struct TagChange {
  std::vector<std::string> add, remove;
};
// Adds missing tags and removes existing ones in one request; sends none if nothing changes.
// Returns the changes. Versions before 5.1 replace the whole list, so a tag that another user sets
// at the same moment can be lost.
Result<TagChange> change_tags(Client& client, const Subject& subject, const TagChange& wanted,
                              const Deadline& deadline);
// Adds missing tags; returns those that were added. Like change_tags().
Result<std::vector<std::string>> add_tags(Client& client, const Subject& subject,
                                          const std::vector<std::string>& tags,
                                          const Deadline& deadline);

}  // namespace socbridge::thehive
