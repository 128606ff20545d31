using System.Diagnostics;
using System.Globalization;
using System.Text;
using FusionKernels.Tests.Infrastructure;
using NUnit.Framework;

namespace FusionKernels.Tests.Fuzz;

/// <summary>Damaged files by the thousand for every reader: each is read, or refused with a DataFormatException, within bounded memory and time.</summary>
/// <remarks>
/// <c>FUSIONKERNELS_FUZZ_SECONDS</c> sets the time for each reader in place of the default number of cases, <c>FUSIONKERNELS_FUZZ_SEED</c>
/// where it begins, <c>FUSIONKERNELS_FUZZ_LOG</c> a file to which a line is added. What fails goes into the corpus.
/// </remarks>
[TestFixture]
[Category("Fuzz")]
public sealed class FuzzTests
{
    /// <summary>Buffers of fixed size and the exception itself.</summary>
    private const long FixedBytes = 1 << 20;

    /// <summary>A hang, by the time of the processor: files of this size take milliseconds, whatever else the machine does.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromSeconds(10);

    private static readonly double s_seconds = double.Parse(Environment.GetEnvironmentVariable("FUSIONKERNELS_FUZZ_SECONDS") ?? "0", CultureInfo.InvariantCulture);
    private static readonly int s_firstSeed = int.Parse(Environment.GetEnvironmentVariable("FUSIONKERNELS_FUZZ_SEED") ?? "0", CultureInfo.InvariantCulture);

    private static IEnumerable<TestCaseData> Targets => FuzzTargets.All.Select(target => new TestCaseData(target).SetArgDisplayNames(target.Name));

    [TestCaseSource(nameof(Targets))]
    public void Damage_is_read_or_refused(object reader)
    {
        FuzzTarget target = (FuzzTarget)reader;
        using TemporaryFolder folder = new();
        byte[][] valid = target.Seeds(), corpus = [.. FuzzCorpus.Of(target.Name).Select(one => one.Bytes)], files = [.. valid, .. corpus];
        Feed feed = new(target, folder["f"]);

        // Whole files first, so that what is measured later is the reading and not the preparation of code.
        Assert.That(valid.Count(file => feed.IsRefused(file, "undamaged")), Is.LessThanOrEqualTo(valid.Length / 2), "files that were never valid");
        foreach (byte[] file in corpus) feed.IsRefused(file, "of the corpus");
        feed.Forget();
        int refused = 0, seed = s_firstSeed;
        Stopwatch clock = Stopwatch.StartNew();
        for (; s_seconds > 0 ? clock.Elapsed.TotalSeconds < s_seconds : seed < s_firstSeed + Cases(target); seed++)
        {
            Mutation mutation = new(seed);
            byte[] file = mutation.Next(2) == 0 ? valid[mutation.Next(valid.Length)] : files[mutation.Next(files.Length)], other = files[mutation.Next(files.Length)];
            byte[] damaged = target.Damage is { } knowing && mutation.Next(4) > 0 ? knowing(mutation, file, other) : mutation.Damage(file, other);
            if (feed.IsRefused(damaged, $"seed {seed}")) refused++;
        }

        int cases = seed - s_firstSeed;
        if (Environment.GetEnvironmentVariable("FUSIONKERNELS_FUZZ_LOG") is { Length: > 0 } log)
        {
            File.AppendAllText(log, string.Create(CultureInfo.InvariantCulture, $"| {target.Name} | {clock.Elapsed.TotalMinutes:f1} | {cases} | {refused} | {feed.MostBytesPerByte:f0} of {target.BytesPerByte} | {feed.Slowest.TotalMilliseconds:f0} | 0 |\n"));
        }

        // Damage that is never noticed, or files that were never valid, would make the loop above empty words.
        Assert.That(refused, target.NeverRefuses ? Is.Zero : Is.InRange(cases / 20, cases - 1));
    }

    [Test]
    public void Every_reader_has_a_corpus() => Assert.That(FuzzCorpus.Readers, Is.EquivalentTo(FuzzTargets.All.Select(target => target.Name)));

    [TestCaseSource(nameof(Targets))]
    public void The_corpus_is_small_and_behaves(object reader)
    {
        FuzzTarget target = (FuzzTarget)reader;
        using TemporaryFolder folder = new();
        Feed feed = new(target, folder["f"]);
        foreach ((string name, byte[] bytes) in FuzzCorpus.Of(target.Name))
        {
            Assert.That(bytes, Has.Length.LessThan(4096), name);
            feed.IsRefused(bytes, name);
        }
    }

    private static int Cases(FuzzTarget target) => target.NeedsFile ? 60 : 1500;

    /// <summary>Gives files to a reader and watches what it takes.</summary>
    private sealed class Feed(FuzzTarget target, string path)
    {
        /// <summary>Memory taken beyond what is fixed, at most, for each byte of a file.</summary>
        public double MostBytesPerByte { get; private set; }

        /// <summary>The longest time that a file took.</summary>
        public TimeSpan Slowest { get; private set; }

        /// <summary>Begins to measure.</summary>
        public void Forget() => (MostBytesPerByte, Slowest) = (0, TimeSpan.Zero);

        /// <summary>Whether a file is refused; any other failure is the test's.</summary>
        public bool IsRefused(byte[] file, string what)
        {
            if (target.NeedsFile) File.WriteAllBytes(path, file);
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan started = Environment.CpuUsage.TotalTime;
            bool refused = Read(file, what);
            TimeSpan time = Environment.CpuUsage.TotalTime - started;
            long taken = GC.GetAllocatedBytesForCurrentThread() - before - FixedBytes;
            if (time > Slowest) Slowest = time;
            MostBytesPerByte = Math.Max(MostBytesPerByte, (double)taken / Math.Max(1, file.Length));
            if (taken > (long)file.Length * target.BytesPerByte) throw Failed(file, what, $"{taken} bytes beyond what is fixed, for a file of {file.Length}");
            if (time > s_longest) throw Failed(file, what, $"{time.TotalSeconds:f1} s");
            return refused;
        }

        private bool Read(byte[] file, string what)
        {
            try
            {
                target.Read(file, path);
                return false;
            }
            catch (DataFormatException told)
            {
                if (told.Message.AsSpan().ContainsAny('\n', '\0')) throw Failed(file, what, $"a message of several lines: {told.Message}");
                return true;
            }
            catch (Exception failure)
            {
                throw Failed(file, what, failure.ToString());
            }
        }

        private AssertionException Failed(byte[] file, string what, string problem)
        {
            StringBuilder text = new();
            text.Append(CultureInfo.InvariantCulture, $"{target.Name}, {what}: {problem}\nThe file, to be kept in the corpus, in base64: {Convert.ToBase64String(file)}");
            return new(text.ToString());
        }
    }
}
