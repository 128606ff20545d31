using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using FusionKernels;

namespace WebService;

/// <summary>Clients that ask one service for a time and compare every answer with the first of its kind, byte for byte.</summary>
internal sealed class Load(Uri service, ComputeDevice device, ServiceOptions options)
{
    private const int Samples = 10;

    /// <summary>A request that is not answered by then hangs.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Stopwatch _clock = new();
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly Latencies _latencies = new();

    /// <summary>Loads the service.</summary>
    public async Task<LoadResult> RunAsync()
    {
        using HttpClient client = new() { BaseAddress = service, Timeout = s_patience };
        (string Route, object Body, HttpStatusCode Status)[] requests = Requests();
        byte[][] expected = new byte[requests.Length][];
        for (int i = 0; i < requests.Length; i++) (_, expected[i]) = await Ask(client, requests[i].Route, requests[i].Body);

        _clock.Start();
        Task[] clients = [.. Enumerable.Range(0, options.Clients).Select(number => Task.Run(() => Client(client, requests, expected, number)))];
        List<LoadSample> samples = [];
        for (int i = 1; i <= Samples; i++)
        {
            TimeSpan left = TimeSpan.FromSeconds(options.Seconds * i / Samples) - _clock.Elapsed;
            if (left > TimeSpan.Zero) await Task.Delay(left);
            samples.Add(LoadSample.Take(_clock.Elapsed, _latencies.Count, device));
        }

        Task all = Task.WhenAll(clients);
        if (await Task.WhenAny(all, Task.Delay(s_patience)) != all) _failures.Enqueue($"clients still waited {s_patience.TotalSeconds:0} s after the end");
        samples.Add(LoadSample.Take(_clock.Elapsed, _latencies.Count, device));
        return new(samples, _latencies, [.. _failures]);
    }

    private async Task Client(HttpClient client, (string Route, object Body, HttpStatusCode Status)[] requests, byte[][] expected, int number)
    {
        Random random = new(number);
        while (_clock.Elapsed.TotalSeconds < options.Seconds && _failures.IsEmpty)
        {
            int i = random.Next(requests.Length);
            long started = Stopwatch.GetTimestamp();
            try
            {
                (HttpStatusCode status, byte[] answer) = await Ask(client, requests[i].Route, requests[i].Body);
                if (status != requests[i].Status) _failures.Enqueue($"client {number}: {requests[i].Route} was answered with {(int)status}");
                else if (!answer.AsSpan().SequenceEqual(expected[i])) _failures.Enqueue($"client {number}: {requests[i].Route} was answered otherwise than the first time");
            }
            catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
            {
                _failures.Enqueue($"client {number}: {requests[i].Route}: {failure.Message}");
            }

            _latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
    }

    private static async Task<(HttpStatusCode Status, byte[] Answer)> Ask(HttpClient client, string route, object body)
    {
        using HttpResponseMessage response = await client.PostAsJsonAsync(route, body);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    /// <summary>Small and larger requests of every route, and one that is refused.</summary>
    private static (string Route, object Body, HttpStatusCode Status)[] Requests()
    {
        Random random = new(1);
        return
        [
            ("/gram", new GramRequest(Matrix(8, 4), null, 0.5), HttpStatusCode.OK),
            ("/gram", new GramRequest(Matrix(60, 32), Matrix(50, 32), 0.1), HttpStatusCode.OK),
            ("/dtw", new WarpingRequest(Matrix(1, 40)[0], Matrix(1, 50)[0], null), HttpStatusCode.OK),
            ("/dtw", new WarpingRequest(Matrix(1, 700)[0], Matrix(1, 650)[0], 80), HttpStatusCode.OK),
            ("/attention", new AttentionRequest(Matrix(40, 16), Matrix(60, 16), Matrix(60, 8)), HttpStatusCode.OK),
            ("/gram", new GramRequest(Matrix(3, 4), Matrix(3, 5), 1), HttpStatusCode.BadRequest),
        ];

        float[][] Matrix(int rows, int columns) => [.. Enumerable.Range(0, rows).Select(_ => Enumerable.Range(0, columns).Select(_ => random.NextSingle()).ToArray())];
    }
}
