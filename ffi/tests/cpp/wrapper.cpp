// What redpack.hpp adds to the C header, each tried at a sandbox. other.cpp is the second translation unit.
#include <redpack.hpp>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <stdexcept>

using namespace redpack;
using namespace std::chrono_literals;

std::string_view version_seen_elsewhere();

#define CHECK(condition) \
    do { \
        if (!(condition)) { \
            std::fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition); \
            std::exit(1); \
        } \
    } while (0)

static Config settings() {
    Config config(std::getenv("REDPACK_MCH_ID"), std::getenv("REDPACK_APPID"), std::getenv("REDPACK_API_KEY"));
    config.pkcs12_file(std::getenv("REDPACK_P12"))  // without a passphrase: the merchant's number
        .base_url(std::getenv("REDPACK_BASE_URL"))
        .roots_file(std::getenv("REDPACK_CA_FILE"))
        .connect_limit(5s)
        .attempt_limit(20s);
    return config;
}

static Request order(std::string_view number) {
    Request request = Request::send_red_pack(number, "oxTWIuGaIt6gTKsQRLau2M0yL16E", Fen(100));
    request.send_name("天虹百货").act_name("猜灯谜").wishing("元宵节快乐").remark("x");
    return request;
}

static void a_nul_inside_is_an_error_and_nothing_is_sent(const Client &client) {
    using namespace std::string_view_literals;
    auto sent = client.send(order("1900000109261124nulnulnulnu1").wishing("a\0b"sv).remark("y"));
    CHECK(!sent && sent.error().status() == REDPACK_STATUS_INVALID_ARGUMENT);
    CHECK(sent.error().outcome() == Outcome::not_sent && sent.error().advice() == Advice::fix_order);
    CHECK(sent.error().kind() == "invalid_argument" && !sent.error().message().empty());
    CHECK(!client.close("1900000109\0"sv) && !Journal::open("sqlite:\0"sv));
}

static void the_first_error_of_a_setter_is_the_one(const Client &client) {
    Config config = settings();
    config.failover(Failover(77)).base_url("not reached");
    auto none = Client::create(config);
    CHECK(!none && none.error().status() == REDPACK_STATUS_INVALID_ARGUMENT);
    CHECK(none.error().problem_count() == 1 && none.error().problem_field(0) == "failover");
    auto refused = client.send(Request("sendgroupredpack").text("remark", "x"));
    CHECK(!refused && refused.error().problem_field(0) == "endpoint");
    Error copy = refused.error();
    CHECK(copy.message().data() == refused.error().message().data());
}

// The callback outlives its Config, and what it throws stays in it.
static void callbacks_are_kept() {
    auto heard = std::make_shared<int>(0);
    auto client = [&] {
        Config config = settings();
        config.on_attempt([heard](const Event &event) {
            CHECK(event.outcome() == Outcome::sent && event.http_status() == 200 && event.elapsed().count() > 0);
            ++*heard;
            throw std::runtime_error("an observer's trouble");
        });
        return Client::create(config);
    }();
    CHECK(client && heard.use_count() == 2);
    CHECK(client->send(order("1900000109261124callback0001")));
    Client moved = std::move(*client);
    CHECK(moved.send(order("1900000109261124callback0002")) && *heard == 2);
    moved = *Client::create(settings());
    client = Client::create(settings());
    CHECK(heard.use_count() == 1);
}

static void absent_is_not_empty(const Client &client) {
    auto sent = client.send(order("1900000109261124absent000001"));
    CHECK(sent && sent->package().data() == nullptr && !sent->send_listid().empty());
    CHECK(std::strlen(sent->send_listid().data()) == sent->send_listid().size());
    CHECK(sent->answer()["result_code"] == "SUCCESS" && sent->answer()["no_such"].data() == nullptr);
    auto found = client.query(Request::query("1900000109261124absent000001"));
    CHECK(found && found->found() && found->status() == "SENT" && found->receiver_count() == 0);
    CHECK(found->outcome() == Outcome::sent && found->total_amount().value == 100);
}

static void journals_outlive_their_owner() {
    Config config = settings();
    auto journal = Journal::open(std::getenv("REDPACK_JOURNAL"));
    CHECK(journal);
    config.journal(*journal).caps(Fen(0), Fen(0), Fen(150));  // only what clients with caps pay is counted
    auto client = Client::create(config);
    CHECK(client);
    const char *merchant = std::getenv("REDPACK_MCH_ID");
    {
        Journal ended = std::move(*journal);
        CHECK(!*ended.order(merchant, "1900000109261124nosuchorder1"));
    }
    auto settled = client->settle(order("").intent("invoice 9"), 30s);
    CHECK(settled && settled->settled() && settled->outcome() == Outcome::sent);
    auto again = client->journal();
    CHECK(again);
    auto kept = again->order_of_intent(merchant, "invoice 9");
    CHECK(kept && *kept && kept->ref().mch_billno() == settled->order().mch_billno());
    CHECK(kept->ref().field("total_amount") == "100");
    auto spent = again->spent_today(merchant);
    CHECK(spent && spent->value == 100);
    CHECK(again->list(0, 10)->size() == 1 && again->list(0, 10, merchant, "closed")->size() == 0);
    CHECK(again->pause(merchant, 0ms, "a test") && *again->paused(merchant));
    CHECK(again->resume(merchant) && !*again->paused(merchant));
    auto recovered = client->recover(10s);
    CHECK(client->reconcile(10s) && recovered && recovered->size() == 0);
    CHECK(recovered->waiting() == 0 && recovered->next_due() == 0);
    CHECK(kept->ref().advice() == Advice::none && kept->ref().scope() == Scope::order);
    auto late = client->amend(order("").intent("invoice 9"));
    CHECK(!late && late.error().kind() == "not_permitted" && late.error().outcome() == Outcome::sent);
    auto told = client->query(Request::query(settled->order().mch_billno()));
    CHECK(told && told->scope() == Scope::order);
    CHECK(!client->query(Request::query("1").intent("invoice 9")) && journal_kinds().size() > 5);
    auto capped = client->settle(order("").intent("invoice 10"), 5s);
    CHECK(!capped || !capped->settled());
    CHECK(again->spent_today(merchant)->value == 100);
    auto closed = client->close(settled->order().mch_billno());
    CHECK(!closed || closed->outcome() == Outcome::sent);
}

static void protocol_functions() {
    Fields fields;
    fields.add("b", "2").add("a", "1").add("empty", "");
    auto signature = sign(fields, "192006250b4c09247ec02edce69f6a2d");
    CHECK(signature && signature->size() == 32);
    CHECK(*verify(fields, "192006250b4c09247ec02edce69f6a2d", *signature));
    CHECK(!*verify(fields, "another key", *signature));
    CHECK(sign(fields, "192006250b4c09247ec02edce69f6a2d", SignType::hmac_sha256)->size() == 64);
    CHECK(fen_from_yuan("1.23")->value == 123 && !fen_from_yuan("1.234") && *fen_to_yuan(Fen(5)) == "0.05");
    CHECK(new_mch_billno("1900000109")->size() == 28);
    CHECK(text(Advice::query_first) == "query_first" && text(Outcome(99)).data() == nullptr);
    CHECK(version() == REDPACK_VERSION && version_seen_elsewhere() == version());
}

static void what_came_is_told_exactly() {
    auto read = xml_read("<xml> <a> x </a><l><b>1</b></l></xml>");
    CHECK(read && read->ref().element_name() == "xml" && read->ref().element_text() == " ");
    CHECK(read->ref().value(0) == "x" && read->ref().raw_value(0) == " x " && (*read)["a"] == "x");
    CHECK(read->ref().child(1).element_name() == "l" && read->ref().child(1).value(0) == "1");
    CHECK(!xml_read("<xml>") && *xml_write(Fields().add("a", "1")) == "<xml><a>1</a></xml>");
    CHECK(*canonical(Fields().add("b", "2").add("a", "1")) == "a=1&b=2" && Fields().add("a", "1").size() == 1);
    CHECK(*mask_openid("oxTWIuGaIt6gTKsQRLau2M0yL16E") == "oxTW***6E");
    CHECK(*package_encoded("a/b=1") == "a%2Fb%3D1" && !risk_info("", "", "", "")->size());
    CHECK(is_mch_billno("1900000109a") && !is_mch_billno("") && !is_mch_billno("a b"));
    CHECK(*time_to_wire(*time_from_wire("2026-11-24 12:00:00")) == "2026-11-24 12:00:00" && !time_from_wire("noon"));
}

static void requests_go_over_wires_of_ones_own() {
    Config config(std::getenv("REDPACK_MCH_ID"), std::getenv("REDPACK_APPID"), std::getenv("REDPACK_API_KEY"));
    auto wire = Wire::encode(order("1900000109261124wire00000001"), config);
    CHECK(wire && wire->path() == "/mmpaymkttransfers/sendredpack" && wire->body().substr(0, 5) == "<xml>");
    CHECK(wire->mch_billno() == "1900000109261124wire00000001" && wire->nonce_str().size() == 32);
    auto lost = wire->read_send(config, 502, "<html>");
    CHECK(!lost && lost.error().outcome() == Outcome::unknown && lost.error().body() == "<html>");
    auto refused = Wire::encode(order("x").fen("total_amount", Fen(-5)), config);
    CHECK(!refused && refused.error().problem_field(0) == "total_amount" && refused.error().problem_length(0) == 2);

    auto query = Wire::encode(Request::query("1900000109261124wire00000001"), config);
    const std::string_view stuck = "<xml><return_code>SUCCESS</return_code><result_code>SUCCESS</result_code>"
        "<mch_billno>1900000109261124wire00000001</mch_billno><status>SENDING</status><reason>x</reason>"
        "<send_time>2026-11-24 12:00:00</send_time></xml>";
    const std::int64_t sent = *time_from_wire("2026-11-24 12:00:00");
    CHECK(query && query->read_query(config, 200, stuck, sent + 60)->advice() == Advice::retry_same_order);
    CHECK(query->read_query(config, 200, stuck, sent + 4 * 86400)->advice() == Advice::query_first);
    auto call = Wire::encode(Call("/mmpaymkttransfers/other").field("a", "1"), config);
    CHECK(call && !call->read_call(config, 200, "<xml/>"));
}

static void tables_are_whole() {
    CHECK(kinds().size() > 20 && codes().size() > 20 && states()[0] == "prepared" && query_statuses()[0] == "SENT");
    CHECK(kinds()[kinds().size()].data() == nullptr && text(REDPACK_STATUS_NOT_SENT) == "not_sent");
    CHECK(kind_verdict("timeout")->outcome == Outcome::unknown && !kind_verdict("no such kind"));
    CHECK(code_verdict("NOTENOUGH")->scope == Scope::merchant && code_verdict({})->advice == Advice::query_first);
    CHECK(communication_verdict("SIGN_ERROR")->advice == Advice::fix_setup);
    CHECK(query_status_verdict("FAILED")->advice == Advice::new_order_allowed);
    CHECK(endpoints().size() == 5 && endpoint_paths()[0] == "/mmpaymkttransfers/sendredpack");
    for (const EndpointField &field : endpoint_fields("sendredpack"))
        if (field.name == "wishing") CHECK(field.required && field.max_bytes == 128);
    CHECK(endpoint_fields("sendredpack").size() > 15 && endpoint_fields("none").empty());
}

// One client below, and each object that shares it is told of its own calls only.
static void sharers_are_told_of_their_own_calls() {
    int heard[2] = {0, 0};
    auto make = [&](int *count) {
        Config config = settings();
        config.attempt_limit(19876ms);
        if (count) config.on_attempt([count](const Event &) { ++*count; });
        return Client::shared(config);
    };
    auto first = make(&heard[0]);
    auto silent = make(nullptr);
    {
        auto second = make(&heard[1]);
        CHECK(second->send(order("1900000109261124shared000002")));
    }
    bool reused = false;
    CHECK(first->send(order("1900000109261124shared000001")) && silent->send(order("1900000109261124shared000003")));
    CHECK(heard[0] == 1 && heard[1] == 1);
    Config config = settings();
    config.attempt_limit(19876ms).on_attempt([&](const Event &event) { reused = event.connection_reused(); });
    CHECK(Client::shared(config)->query(Request::query("1900000109261124shared000003")) && reused);
}

static void the_log_is_heard_while_it_lives(const Client &client) {
    std::string lines;
    {
        auto log = Log::to(LogLevel::debug, [&](LogLevel, std::string_view, std::string_view line) {
            lines.append(line).append("\n");
        });
        CHECK(log && client.query(Request::query("1900000109261124absent000001")));
        CHECK(lines.find("1900000109261124absent000001") != std::string::npos);
    }
    lines.clear();
    CHECK(client.query(Request::query("1900000109261124absent000001")) && lines.empty());
    CHECK(!Log::to(LogLevel(77), nullptr));
}

static void attempts_and_hosts_are_listed() {
    Config config = settings();
    auto client = Client::create(config.journal_url(std::string(std::getenv("REDPACK_JOURNAL")) + ".attempts"));
    CHECK(client);
    auto settled = client->settle(order("1900000109261124listed000001"), 20s);
    CHECK(settled && settled->ref().host_count() == 1 && settled->ref().host(1).data() == nullptr);
    auto attempts = client->journal()->attempts(std::getenv("REDPACK_MCH_ID"), "1900000109261124listed000001");
    CHECK(attempts && attempts->size() == 1 && (*attempts)[0].outcome == "sent" && (*attempts)[0].http_status == 200);
    CHECK((*attempts)[0].host == settled->ref().host(0) && (*attempts)[0].advice == "none");
    CHECK((*attempts)[0].finished_at >= (*attempts)[0].began_at && !(*attempts)[0].late);
    CHECK((*attempts)[0].began_at >= settled->order().created_at() && settled->order().first_attempt_at() > 0);
    auto journal = client->journal();
    CHECK(!*journal->suspected() && journal->suspicion()->view().data() == nullptr);
    CHECK(journal->decisions("1900000109", "1900000109261124listed000001")->size() == 0);
    std::int64_t until = 1;
    CHECK(journal->pause("1900000109", 0ms, "a test") && journal->pause_reason("1900000109", &until)->view() == "a test");
    CHECK(until == 0 && journal->resume("1900000109"));
    CHECK(journal->pause_reason("1900000109")->view().data() == nullptr);
}

int main() {
    auto client = Client::create(settings());
    CHECK(client);
    a_nul_inside_is_an_error_and_nothing_is_sent(*client);
    the_first_error_of_a_setter_is_the_one(*client);
    callbacks_are_kept();
    absent_is_not_empty(*client);
    journals_outlive_their_owner();
    protocol_functions();
    what_came_is_told_exactly();
    requests_go_over_wires_of_ones_own();
    tables_are_whole();
    sharers_are_told_of_their_own_calls();
    the_log_is_heard_while_it_lives(*client);
    attempts_and_hosts_are_listed();
    std::puts("the wrapper holds");
}
