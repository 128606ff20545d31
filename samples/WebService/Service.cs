using System.Numerics.Tensors;
using FusionKernels;

namespace WebService;

/// <summary>Rows of numbers, and the kernel's width.</summary>
internal sealed record GramRequest(float[][] X, float[][]? Y, double Gamma);

/// <summary>Two series of one channel.</summary>
internal sealed record WarpingRequest(float[] X, float[] Y, int? Radius);

/// <summary>Queries, keys and values: rows each.</summary>
internal sealed record AttentionRequest(float[][] Q, float[][] K, float[][] V);

/// <summary>What the service keeps open.</summary>
internal sealed record ServiceState(string Device, long AllocatedBytes);

/// <summary>The routes.</summary>
internal static class Service
{
    /// <summary>The service over a device, which outlives it.</summary>
    public static WebApplication Build(ComputeDevice device, string url)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls(url);
        WebApplication service = builder.Build();

        // What a caller did wrong is told in the library's words; that a client is gone, to nobody.
        service.Use(async (context, next) =>
        {
            try
            {
                await next();
            }
            catch (ArgumentException refused)
            {
                await Results.Problem(refused.Message, statusCode: StatusCodes.Status400BadRequest).ExecuteAsync(context);
            }
            catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
            {
            }
            catch (DeviceOutOfMemoryException full)
            {
                await Results.Problem(full.Message, statusCode: StatusCodes.Status503ServiceUnavailable).ExecuteAsync(context);
            }
        });

        // The device orders concurrent calls by itself; one thread per call leaves the others to other requests.
        service.MapPost("/gram", (GramRequest asked, CancellationToken gone) =>
        {
            GramOptions options = new() { Device = device, Threads = 1, Cancellation = gone };
            Tensor<float> x = Rows.ToTensor(asked.X, "x");
            Kernel kernel = Kernel.Rbf(asked.Gamma);
            return Rows.Of(asked.Y is null ? Gram.Compute(x, kernel, options) : Gram.Compute(x, Rows.ToTensor(asked.Y, "y"), kernel, options));
        });
        service.MapPost("/dtw", (WarpingRequest asked, CancellationToken gone) => Dtw.Distance<float>(asked.X, asked.Y, new()
        {
            Device = device,
            Threads = 1,
            Cancellation = gone,
            Window = asked.Radius is { } radius ? WarpingWindow.Radius(radius) : WarpingWindow.None,
        }));
        service.MapPost("/attention", (AttentionRequest asked, CancellationToken gone) => Rows.Of(Attention.Forward(
            Rows.ToTensor(asked.Q, "q"), Rows.ToTensor(asked.K, "k"), Rows.ToTensor(asked.V, "v"), new() { Device = device, Threads = 1, Cancellation = gone })));
        service.MapGet("/state", () => new ServiceState(device.ToString(), device.AllocatedBytes));
        return service;
    }
}
