// A web service that keeps one device open and computes for concurrent requests.
//
//   dotnet run -c Release -- [--device NAME] [--url http://127.0.0.1:5080]       serves
//   dotnet run -c Release -- --clients 8 --seconds 600 [--log FILE.md]           serves on a free local port, and loads it with
//                                                                                clients that check every answer
using FusionKernels;
using WebService;

if (!ServiceOptions.TryParse(args, out ServiceOptions? options, out string error))
{
    Console.Error.WriteLine(error);
    return 2;
}

using ComputeDevice device = options.Device == "host" ? ComputeDevice.OpenHost() : ComputeDevice.Open(options.Device);
await using WebApplication service = Service.Build(device, options.Url);
if (options.Clients == 0)
{
    Console.WriteLine($"{device} serves {options.Url}");
    await service.RunAsync();
    return 0;
}

await service.StartAsync();
LoadResult result = await new Load(new Uri(service.Urls.First()), device, options).RunAsync();
string told = result.ToMarkdown(device, options);
Console.Write(told);
if (options.Log is { } log)
{
    await File.WriteAllTextAsync($"{log}.tmp", told);
    File.Move($"{log}.tmp", log, overwrite: true); // whole, or not at all
}

await service.StopAsync();
return result.IsGood ? 0 : 1;
