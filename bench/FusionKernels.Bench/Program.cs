using FusionKernels.Bench;

return BenchCommand.Create().Parse(args).Invoke();
