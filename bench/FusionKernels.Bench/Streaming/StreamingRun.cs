using System.Diagnostics;
using System.Globalization;

namespace FusionKernels.Bench;

/// <summary>Correlates two views on the disk, with far more rows than memory need hold, and reads them alone beside it.</summary>
internal static class StreamingRun
{
    /// <summary>Gigabytes (10^9 bytes) of both files unless somebody says otherwise.</summary>
    public const double Gigabytes = 20;

    /// <summary>Columns of each view unless somebody says otherwise.</summary>
    public const int Columns = 256;

    private const double TinyGigabytes = 0.04;
    private const int TinyColumns = 8;

    /// <summary>Writes the files, times the passes, deletes the files and writes <c>streaming.md</c> and <c>streaming.json</c> into the machine's folder.</summary>
    /// <param name="folder">Where the files stand while it runs.</param>
    /// <param name="gigabytes">The size of both.</param>
    /// <param name="columns">Columns of each.</param>
    /// <param name="options">Device (the host where all are named), machine, folder of results; tiny: narrow views of 40 MB.</param>
    /// <param name="output">Where the tables are told.</param>
    /// <param name="errors">Where problems and progress are told.</param>
    /// <returns>0; 1 where the correlations are not those of the views; 2 where there are no columns or the files do not fit; 4 where the device is not there.</returns>
    public static int Write(string folder, double gigabytes, int columns, BenchOptions options, TextWriter output, TextWriter errors)
    {
        int width = options.Tiny ? TinyColumns : columns;
        if (width < 1)
        {
            errors.WriteLine($"bench: --columns {columns}: a view has one column at least");
            return 2;
        }

        double bytes = 1e9 * (options.Tiny ? TinyGigabytes : gigabytes);
        long rows = (long)(bytes / (2.0 * width * sizeof(float)));
        long room = new DriveInfo(Directory.CreateDirectory(folder).FullName).AvailableFreeSpace;
        long least = CorrelatedFiles.LeastRows(width);
        if (rows < least || bytes > room)
        {
            errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bench: {bytes / 1e9:0.000} GB {(bytes > room ? $"do not fit: {room / 1e9:0.000} GB are free in {folder}" : $"are {rows} rows of {width} + {width} columns; what these correlate is known of {least} or more")}"));
            return 2;
        }

        try
        {
            using ComputeDevice device = ComputeDevice.Open(options.Device.Equals("all", StringComparison.OrdinalIgnoreCase) ? "host" : options.Device);
            StreamingResults results = Measure(folder, rows, width, options.Machine, device, errors);
            string markdown = results.ToMarkdown();
            output.Write(markdown);
            foreach (string file in ResultFiles.Write(options.Folder, results.Machine, "streaming", markdown, results)) errors.WriteLine($"bench: wrote {file}");
            return results.MaxError <= results.MostError ? 0 : 1;
        }
        catch (DeviceNotFoundException absent)
        {
            errors.WriteLine($"bench: {absent.Message}");
            return 4;
        }
    }

    private static StreamingResults Measure(string folder, long rows, int width, string? machine, ComputeDevice device, TextWriter errors)
    {
        errors.WriteLine(string.Create(CultureInfo.InvariantCulture, $"bench: writing {rows} rows of {width} + {width} columns to {folder}"));
        using CorrelatedFiles files = new(folder, rows, width);
        bool isFromDisk = true;
        double before = Seconds("reading alone", () => Read(files));
        PeakMemory? memory = PeakMemory.Begin();
        CanonicalMoments moments = new(width, width);
        double accumulate = Seconds("reading and accumulating", () => moments = CanonicalMoments.OfFiles(files.Paths, new() { Device = device }));
        long started = Stopwatch.GetTimestamp();
        CanonicalCorrelation model = moments.Fit(new() { Components = files.Shared, Device = device });
        double solve = Stopwatch.GetElapsedTime(started).TotalSeconds;
        (long? whole, long? added) = (memory is null ? null : PeakMemory.WholeBytes(), memory?.Bytes());
        double after = Seconds("reading alone", () => Read(files));
        int[] components = [.. Enumerable.Range(0, files.Shared)];
        return new(
            Machine.Describe(machine, [device.Description]),
            device.Description.ToString(),
            rows,
            width,
            files.Bytes,
            isFromDisk,
            [before, after],
            accumulate,
            solve,
            whole,
            added,
            [.. components.Select(k => model.Correlations[k])],
            [.. components.Select(files.Expected)]);

        double Seconds(string pass, Action run)
        {
            foreach (string path in files.Paths) isFromDisk &= PageCache.TryDrop(path);
            errors.WriteLine($"bench: {pass}");
            long started = Stopwatch.GetTimestamp();
            run();
            return Stopwatch.GetElapsedTime(started).TotalSeconds;
        }
    }

    /// <summary>Reads both files as <see cref="CanonicalMoments.OfFiles(IReadOnlyList{string}, ExecutionOptions?)"/> does, so many rows at a time, and does nothing with them.</summary>
    private static void Read(CorrelatedFiles files)
    {
        int chunk = ViewFiles<float>.ChunkRows(2 * files.Width, files.Rows);
        float[] buffer = GC.AllocateUninitializedArray<float>(chunk * files.Width, pinned: true);
        using NpyRowReader<float> x = new(files.Paths[0]), y = new(files.Paths[1]);
        for (long first = 0; first < files.Rows; first += chunk)
        {
            Span<float> rows = buffer.AsSpan(0, (int)Math.Min(chunk, files.Rows - first) * files.Width);
            x.Read(first, rows);
            y.Read(first, rows);
        }
    }
}
