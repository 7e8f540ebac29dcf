// test_confine: what statements may open and reach, in a child each, since it is for good.

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buffer.h"
#include "commands/table.h"
#include "net/confine.h"
#include "net/handle.h"
#include "net/hosts.h"
#include "net/network.h"
#include "net/wait.h"
#include "ui/script.h"

static const char files_only_here[] = "a lesson reads and writes files only in its own folder";
static const char names_only[] = "a name without a slash";
static const char this_computer_only[] = "it talks to this computer only";

static char folder[] = "/tmp/socksh-confine-XXXXXX"; // holds `inside`, the lesson's, and `secret`

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    cr_assert(file != NULL);
    fputs(text, file);
    fclose(file);
}

static void make_folder(void)
{
    cr_assert(mkdtemp(folder) != NULL);
    cr_assert(eq(int, chdir(folder), 0));
    cr_assert(eq(int, mkdir("inside", 0755), 0));
    cr_assert(eq(int, mkdir("inside/sub", 0755), 0));
    cr_assert(eq(int, mkdir("outside", 0755), 0));
    write_file("secret", "print \"secret\"\n");
    write_file("outside/secret", "secret");
    write_file("inside/mine", "print \"mine\"\n");
    cr_assert(eq(int, symlink("../secret", "inside/link"), 0));
    cr_assert(eq(int, symlink("../outside", "inside/way"), 0));
    cr_assert(eq(int, symlink("mine", "inside/other"), 0));
    cr_assert(eq(int, mkfifo("inside/fifo", 0644), 0));
}

static void remove_folder(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -r %s", folder);
    cr_assert(eq(int, system(command), 0));
}

TestSuite(confine, .init = make_folder, .fini = remove_folder, .timeout = 30);

// --- a child -------------------------------------------------------------------------------------

// What a child printed to both of its streams while it ran `steps`; lasts until the next call.
static char *in_child(int (*steps)(const void *), const void *context, int *status)
{
    static char text[4096];
    char path[] = "/tmp/socksh-said-XXXXXX";
    int file = mkstemp(path);
    unlink(path);
    pid_t child = fork();
    if (child == 0) {
        dup2(file, STDOUT_FILENO);
        dup2(file, STDERR_FILENO);
        int result = steps(context);
        fflush(stdout);
        _exit(result);
    }
    cr_assert(eq(int, waitpid(child, status, 0), child));
    ssize_t size = pread(file, text, sizeof text - 1, 0);
    text[size < 0 ? 0 : size] = '\0';
    close(file);
    return text;
}

static int run_script(const char *text)
{
    struct script script = {.name = STR("-c"), .text = str_from(text), .trace = true};
    wait_start();
    handles_start();
    commands_install();
    hosts_set(STR("far"), STR("80"), STR("192.0.2.1"), STR("80"));
    hosts_set(STR("near"), STR("80"), STR("127.0.0.5"), STR("80"));
    return confine_to("inside") ? script_run(&script) : 100;
}

// In the network where the tests run.
static int steps_here(const void *text)
{
    return run_script(text);
}

static int steps_in_own_network(const void *text)
{
    char why[200];
    return network_own(why, sizeof why) ? run_script(text) : 101;
}

// Runs the statements confined, and looks for a text in what is said; NULL: they go well.
static void expect(const char *script, const char *wanted)
{
    int status;
    char *said = in_child(steps_here, script, &status);
    cr_expect(eq(int, status, W_EXITCODE(wanted ? STATUS_FAILED : STATUS_DONE, 0)), "%s: %s",
              script, said);
    cr_expect(wanted == NULL || strstr(said, wanted) != NULL, "%s: %s", script, said);
}

// --- files ---------------------------------------------------------------------------------------

Test(confine, leaves_the_own_folder_alone)
{
    expect("save \"a\" \"1\"; save \"a\" \"22\"; if (load \"a\") != \"22\" { fail \"\" }; unlink "
           "\"a\"",
           NULL);
    expect("save \"sub/a\" \"1\"; if (load \"./sub/a\") != \"1\" { fail \"\" }; unlink \"sub/a\"",
           NULL);
    expect("save \"sub/../a\" \"1\"; unlink \"sub/../a\"", NULL);
    expect("source \"mine\"", NULL);
    expect("unlink \"link\"", NULL); // the link itself
    cr_expect(eq(int, access("secret", F_OK), 0));
}

Test(confine, keeps_the_errors_of_the_kernel)
{
    expect("load \"none\"", "ENOENT");
    expect("load \"sub\"", "EISDIR");
    expect("save \"sub\" \"\"", "EISDIR");
    expect("save \"none/a\" \"\"", "ENOENT");
    expect("unlink \"none\"", "ENOENT");
    expect("unlink \"none/a\"", "ENOENT");
    expect("load \"\"", "ENOENT");
    // Without a descriptor nobody can say whether the folder is full.
    expect("setrlimit RLIMIT_NOFILE 3; save \"new\" \"\"", "EMFILE");
    expect("s = socket AF_UNIX SOCK_STREAM; setrlimit RLIMIT_NOFILE 4; bind s unix:new.sock",
           "no descriptor is left");
}

Test(confine, lets_no_statement_out)
{
    static const char *const scripts[] = {
        "load \"/etc/passwd\"",
        "load \"../secret\"",
        "load \"sub/../../secret\"",
        "load \"link\"",
        "load \"way/secret\"",
        "load \"/proc/self/environ\"",
        "save \"../new\" \"x\"",
        "save \"/tmp\" \"x\"",
        "save \"sub/../../secret\" \"x\"",
        "save \"link\" \"x\"",
        "save \"way/n\" \"x\"",
        "save \"/dev/null\" \"x\"",
        "unlink \"../secret\"",
        "unlink \"/none\"",
        "unlink \"way/secret\"",
        "unlink \"sub/../../secret\"",
        "load \"other\"",
    };
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++)
        expect(scripts[i], files_only_here);
    cr_expect(eq(int, access("secret", F_OK), 0));
    cr_expect(eq(int, access("outside/secret", F_OK), 0));
    cr_expect(ne(int, access("new", F_OK), 0));
    cr_expect(ne(int, access("outside/n", F_OK), 0));
}

// A file that cannot be read is a mistake of the program.
Test(confine, lets_no_source_out)
{
    static const char *const scripts[] = {"source \"../secret\"", "source \"link\""};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        int status;
        char *said = in_child(steps_here, scripts[i], &status);
        cr_expect(ne(int, status, 0));
        cr_expect(strstr(said, files_only_here) != NULL, "%s: %s", scripts[i], said);
    }
}

Test(confine, opens_regular_files_only)
{
    expect("load \"fifo\"", files_only_here);
    expect("save \"fifo\" \"x\"", "ENXIO"); // nobody reads: not even opened
}

// --- addresses -----------------------------------------------------------------------------------

Test(confine, keeps_unix_sockets_in_the_folder)
{
    expect("s = socket AF_UNIX SOCK_STREAM; bind s unix:x.sock; listen s\n"
           "c = socket AF_UNIX SOCK_STREAM; connect c unix:x.sock; unlink \"x.sock\"",
           NULL);
    expect("s = socket AF_UNIX SOCK_DGRAM; bind s unix:@socksh-confined", NULL);
    expect("s = socket AF_UNIX SOCK_DGRAM; bind s unix:", NULL);
    expect("s = socket AF_UNIX SOCK_STREAM; bind s unix:/tmp/x.sock", names_only);
    expect("s = socket AF_UNIX SOCK_STREAM; bind s unix:sub/x.sock", names_only);
    expect("s = socket AF_UNIX SOCK_STREAM; connect s unix:../x.sock", names_only);
    expect("s = socket AF_UNIX SOCK_DGRAM; sendto s \"x\" unix:../x.sock", names_only);
}

Test(confine, stays_on_this_computer_without_an_own_network)
{
    expect("s = socket; connect s 192.0.2.1:9", this_computer_only);
    expect("s = socket; connect s far:80", this_computer_only);
    expect("s = socket AF_INET SOCK_DGRAM; sendto s \"x\" 192.0.2.1:9", this_computer_only);
    expect("s = socket AF_INET SOCK_DGRAM; sendto s \"x\" far:80", this_computer_only);
    expect("s = socket AF_INET SOCK_DGRAM; connect s 255.255.255.255:9", this_computer_only);
    expect("s = socket AF_INET6; connect s [2001:db8::1]:9", this_computer_only);
    expect("s = socket AF_INET6; connect s [::ffff:192.0.2.1]:9", this_computer_only);
}

Test(confine, makes_no_sockets_that_see_others)
{
    static const char *const sees = "sees no packets of others";
    expect("socket AF_PACKET SOCK_RAW 768", sees);
    expect("socket AF_PACKET SOCK_DGRAM 768", sees);
    expect("socket AF_INET SOCK_RAW|SOCK_NONBLOCK 1", sees);
    expect("socket AF_INET 10 0", sees); // SOCK_PACKET
    expect("socket AF_INET SOCK_DGRAM; socket AF_UNIX", NULL);
}

Test(confine, lets_the_loopback_through)
{
    expect("s = socket AF_INET SOCK_DGRAM; sendto s \"x\" 127.0.0.5:9; sendto s \"x\" 0.0.0.0:9",
           NULL);
    expect("s = socket AF_INET SOCK_DGRAM; connect s near:80; bind (socket) 0.0.0.0:0", NULL);
    expect("s = socket; bind s 192.0.2.1:0", "EADDRNOTAVAIL");
}

Test(confine, leaves_addresses_to_the_own_network)
{
    int status;
    char why[200];
    if (!network_allowed(why, sizeof why))
        cr_skip_test("%s", why);
    char *said = in_child(steps_in_own_network, "s = socket; connect s 192.0.2.1:9", &status);
    cr_expect(strstr(said, "ENETUNREACH") != NULL, "%s", said);
}

Test(confine, keeps_captures_in_the_folder)
{
    static const char *const elsewhere[] = {"capture ../out", "capture /tmp/socksh-out.pcapng",
                                            "diagram ../out.svg"};
    int status;
    char why[200];
    if (!network_allowed(why, sizeof why))
        cr_skip_test("%s", why);
    for (size_t i = 0; i < sizeof elsewhere / sizeof *elsewhere; i++) {
        char *said = in_child(steps_in_own_network, elsewhere[i], &status);
        cr_expect(strstr(said, "only in its own folder") != NULL, "%s", said);
    }
    in_child(steps_in_own_network, "capture here.pcapng; capture off", &status);
    cr_expect(eq(int, status, 0));
    expect("capture here.pcapng", "no network of its own");
    expect("packets", "no network of its own");
}

// Asked of the rule itself: else packets would leave.
static int steps_of_rule(const void *online)
{
    struct sockaddr_storage far = {0};
    struct address address;
    struct diag diag;
    if (online)
        confine_allow_peers();
    address_parse(STR("192.0.2.1:80"), &address, &diag);
    socklen_t size = address_to_sockaddr(&address, &far);
    return confine_to("inside") && (confine_address(&far, size, true) == NULL) == (online != NULL)
               ? 0
               : 1;
}

Test(confine, lets_through_who_wants_the_real_thing)
{
    int status;
    in_child(steps_of_rule, NULL, &status);
    cr_expect(eq(int, status, 0));
    in_child(steps_of_rule, "online", &status);
    cr_expect(eq(int, status, 0));
}

// A call that was not made is not shown.
Test(confine, traces_nothing_of_a_refusal)
{
    int status;
    char *said = in_child(steps_here, "s = socket; connect s 192.0.2.1:9", &status);
    cr_expect(strstr(said, "socket(") != NULL, "%s", said);
    cr_expect(not(strstr(said, "connect(") != NULL), "%s", said);
}

// --- limits --------------------------------------------------------------------------------------

static int limit_steps(const void *nothing)
{
    const struct rlimit little = {100, 200};
    struct rlimit limit;
    (void)nothing;
    setrlimit(RLIMIT_CORE, &little);
    setrlimit(RLIMIT_FSIZE, &little);
    if (!confine_limits())
        return 1;
    if (getrlimit(RLIMIT_FSIZE, &limit) < 0 || limit.rlim_cur != 100 || limit.rlim_max != 200)
        return 2; // never up
    if (getrlimit(RLIMIT_CORE, &limit) < 0 || limit.rlim_max != 0)
        return 3;
#if !defined(__SANITIZE_ADDRESS__)
    if (getrlimit(RLIMIT_DATA, &limit) < 0 || limit.rlim_max > 1024 * 1024 * 1024)
        return 5;
#endif
    handles_start(); // as high as it may
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur == 1024 ? 0 : 4;
}

Test(confine, lowers_limits)
{
    int status;
    in_child(limit_steps, NULL, &status);
    cr_expect(eq(int, status, 0));
}

static int greedy_steps(const void *nothing)
{
    (void)nothing;
    signal(SIGXFSZ, SIG_IGN);
    return confine_limits() ? run_script("d = \"x\"; for i in range 24 { d = d + d }\n"
                                         "save \"big\" d; print \"saved\"; save \"big\" (d + d)")
                            : 1;
}

Test(confine, writes_no_large_file)
{
    int status;
    struct stat big;
    char *said = in_child(greedy_steps, NULL, &status);
    cr_expect(strstr(said, "saved") != NULL, "%s", said);
    cr_expect(strstr(said, "EFBIG") != NULL, "%s", said);
    cr_assert(eq(int, stat("inside/big", &big), 0));
    cr_expect(eq(long, (long)big.st_size, 16 * 1024 * 1024));
}
