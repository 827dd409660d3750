;; bl #0x80134000c
;; add x3, x3, #1
;; b #0x801340020
;; mov x4, x30
;; bl #0x80134001c
;; ret x4
;; nop
;; ret

func f0 (locals 4 i32, 2 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x1f0
  local.set 4
  i32.const 0
  i32.load offset=0x5ec
  local.tee 3
  if
    i32.const 0
    i32.const 0
    i32.store offset=0x5ec
  end
  block
    block
      block
        block
          block
            local.get 3
            if
              local.get 3
              i32.const 1
              i32.sub
              br_table 1 0
            end
            local.get 0
            i32.const 4
            i32.lt_s
            if
              i32.const 0
              i64.const 34379923456
              i64.store offset=0x410
              i32.const 0
              i32.const 1
              i32.store offset=0x42c
              i32.const -1
              local.set 1
              br 4
            end
            local.get 0
            i32.const 1
            i32.sub
            local.set 0
            block
              block
                i64.const 34379923460
                local.set 4
                i32.const 0
                local.get 4
                i64.store offset=0x1f0
                i32.const 0
                i64.const 34379923468
                i64.store offset=0x410
                i32.const 1
                local.set 1
                i32.const 0
                local.get 0
                i32.store offset=0x428
                i32.const 0
                i32.load offset=0x5f4
                i32.const 160
                i32.ge_s
                br_if 6
                i32.const 0
                i32.const 0
                i32.load offset=0x5f4
                i32.const 1
                i32.add
                i32.store offset=0x5f4
                call f1
                local.tee 1
                i32.const 0
                i32.const 0
                i32.load offset=0x5f4
                i32.const -1
                i32.add
                i32.store offset=0x5f4
                i32.const 0
                i32.ge_s
                if
                  local.get 1
                  call enter
                  local.set 1
                end
                local.get 1
                i32.const -2
                i32.ne
                i32.const 0
                i64.load offset=0x410
                i64.const 34379923460
                i64.ne
                i32.or
                br_if 6
              end
            end
          end
          i32.const 0
          local.set 3
          i32.const 0
          i32.load offset=0x428
          local.set 0
          i32.const 0
          i64.load offset=0x118
          local.set 5
          local.get 0
          i32.const 4
          i32.lt_s
          if
            i32.const 0
            i64.const 34379923460
            i64.store offset=0x410
            i32.const 0
            i32.const 1
            i32.store offset=0x42c
            i32.const -1
            local.set 1
            br 2
          end
          local.get 0
          i32.const 2
          i32.sub
          local.set 0
          block
            block
              local.get 5
              i64.const 1
              i64.add
              local.set 5
              i32.const 0
              local.get 5
              i64.store offset=0x118
            end
          end
        end
        local.get 0
        i32.const 1
        i32.sub
        local.set 0
        block
          block
            i32.const 0
            i32.const -234881024
            i32.store offset=0x430
            local.get 0
            i32.const 1
            i32.add
            local.set 0
            i32.const 0
            i64.const 34379923488
            i64.store offset=0x410
            i32.const 0
            i32.const 3
            i32.store offset=0x42c
            i32.const -1
            local.set 1
            br 2
          end
        end
      end
      i32.const 0
      local.get 0
      i32.store offset=0x428
      br 1
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f1 (locals 4 i32, 3 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x120
  local.set 5
  i32.const 0
  i64.load offset=0x1f0
  local.set 4
  i32.const 0
  i32.load offset=0x5ec
  local.tee 3
  if
    i32.const 0
    i32.const 0
    i32.store offset=0x5ec
  end
  block
    block
      block
        block
          local.get 3
          if
            local.get 3
            i32.const 1
            i32.sub
            br_table 2 0
          end
          local.get 0
          i32.const 4
          i32.lt_s
          if
            i32.const 0
            i64.const 34379923468
            i64.store offset=0x410
            i32.const 0
            i32.const 1
            i32.store offset=0x42c
            i32.const -1
            local.set 1
            br 3
          end
          local.get 0
          i32.const 2
          i32.sub
          local.set 0
          block
            block
              i64.const 0
              local.get 4
              i64.or
              local.set 5
              i64.const 34379923476
              local.set 4
              i32.const 0
              local.get 5
              i64.store offset=0x120
              i32.const 0
              local.get 4
              i64.store offset=0x1f0
            end
          end
        end
        local.get 0
        i32.const 1
        i32.sub
        local.set 0
        block
          block
            local.get 4
            local.set 6
            local.get 6
            i64.const 34379923476
            i64.eq
            br_if 2
            local.get 6
            local.set 6
            i32.const 0
            local.get 6
            i64.store offset=0x410
            i32.const -2
            local.set 1
            br 3
          end
        end
      end
      i32.const 0
      local.set 3
      local.get 0
      i32.const 4
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923476
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          local.get 5
          local.set 6
          i32.const 0
          local.get 6
          i64.store offset=0x410
          i32.const -2
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f2 (locals 4 i32, 2 i64)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  i32.const 0
  i64.load offset=0x1f0
  local.set 4
  block
    block
      local.get 0
      i32.const 2
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923480
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 2
      i32.sub
      local.set 0
      block
        block
          local.get 4
          local.set 5
          i32.const 0
          local.get 5
          i64.store offset=0x410
          i32.const -2
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
func f3 (locals 4 i32)
  i32.const 0
  i32.load offset=0x428
  local.set 0
  block
    block
      local.get 0
      i32.const 1
      i32.lt_s
      if
        i32.const 0
        i64.const 34379923488
        i64.store offset=0x410
        i32.const 0
        i32.const 1
        i32.store offset=0x42c
        i32.const -1
        local.set 1
        br 1
      end
      local.get 0
      i32.const 1
      i32.sub
      local.set 0
      block
        block
          i32.const 0
          i32.const -234881024
          i32.store offset=0x430
          local.get 0
          i32.const 1
          i32.add
          local.set 0
          i32.const 0
          i64.const 34379923488
          i64.store offset=0x410
          i32.const 0
          i32.const 3
          i32.store offset=0x42c
          i32.const -1
          local.set 1
          br 2
        end
      end
    end
    i32.const 0
    local.get 0
    i32.store offset=0x428
  end
  local.get 1
end
